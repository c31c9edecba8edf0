"""Soft keyboards: what a citizen writes with on the glass. The pinyin engines in here know nothing of Kivy."""
