"""Generated identity cards, licences and household registers of invented people, and photographs of them.

Everything that a reader must find is known exactly. Names, numbers and firms are drawn by lot; numbers bear right
check digits, streets and firms do not exist (示例 = sample), and every document says 样本 in a corner. How they look
(type, ink, ground, wear, light, lens) is drawn by lot, too; faces of type, grounds and lights of the held-back part
(`Part.HELD_BACK`) never occur in the part that the reader was tuned on.
"""

from bench.documents.made import Document, Part, documents

__all__ = ["Document", "Part", "documents"]
