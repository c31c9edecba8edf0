"""The descriptors of emulated USB devices, as pyusb asks a backend for them (USB 2.0, chapter 9)."""

from dataclasses import dataclass
from types import SimpleNamespace

PACKET = 64  # bytes of a bulk packet at full speed (id_card_reader.md §1.2)

_BULK, _INTERRUPT = 0x02, 0x03  # USB 2.0, table 9-13
_ENGLISH = 0x0409
_SERIAL_AT = 3  # index of the serial number among the strings
_IN = 0x80


@dataclass(frozen=True, slots=True)
class Layout:
    """The interfaces of a device, each by its endpoints: (address, kind)."""

    interfaces: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def ins(self) -> tuple[int, ...]:
        """The bulk endpoints towards the host."""
        return tuple(
            address for ends in self.interfaces for address, kind in ends if kind == _BULK and address & _IN
        )


#: id_card_reader.md §1.2: frames are cut in two
SPLIT = Layout((((0x02, _BULK), (0x06, _BULK), (0x81, _BULK), (0x85, _BULK)),))
#: one pair, behind an interface that is none of ours, as printers with buttons have it
SINGLE = Layout((((0x83, _INTERRUPT),), ((0x82, _BULK), (0x01, _BULK))))


def device_descriptor(vid: int, pid: int, address: int, *, has_serial: bool) -> SimpleNamespace:
    """USB 2.0, table 9-8, with the place on the bus that pyusb wants beside it."""
    return SimpleNamespace(
        bLength=18,
        bDescriptorType=1,
        bcdUSB=0x0110,
        bDeviceClass=0xFF,
        bDeviceSubClass=0,
        bDeviceProtocol=0,
        bMaxPacketSize0=8,
        idVendor=vid,
        idProduct=pid,
        bcdDevice=0x0100,
        iManufacturer=0,
        iProduct=0,
        iSerialNumber=_SERIAL_AT if has_serial else 0,
        bNumConfigurations=1,
        address=address,
        bus=1,
        port_number=1,
        port_numbers=(1,),
        speed=2,
    )


def configuration_descriptor(layout: Layout) -> SimpleNamespace:
    """USB 2.0, table 9-10."""
    ends = sum(len(interface) for interface in layout.interfaces)
    return SimpleNamespace(
        bLength=9,
        bDescriptorType=2,
        wTotalLength=9 + 9 * len(layout.interfaces) + 7 * ends,
        bNumInterfaces=len(layout.interfaces),
        bConfigurationValue=1,
        iConfiguration=0,
        bmAttributes=0x80,
        bMaxPower=50,
        extra_descriptors=[],
    )


def interface_descriptor(layout: Layout, number: int, alternate: int) -> SimpleNamespace:
    """USB 2.0, table 9-12. Raises IndexError for an alternate setting, which none of these has."""
    if alternate:
        raise IndexError(alternate)
    return SimpleNamespace(
        bLength=9,
        bDescriptorType=4,
        bInterfaceNumber=number,
        bAlternateSetting=0,
        bNumEndpoints=len(layout.interfaces[number]),
        bInterfaceClass=0xFF,
        bInterfaceSubClass=0,
        bInterfaceProtocol=0,
        iInterface=0,
        extra_descriptors=[],
    )


def endpoint_descriptor(layout: Layout, number: int, index: int) -> SimpleNamespace:
    """USB 2.0, table 9-13."""
    address, kind = layout.interfaces[number][index]
    return SimpleNamespace(
        bLength=7,
        bDescriptorType=5,
        bEndpointAddress=address,
        bmAttributes=kind,
        wMaxPacketSize=PACKET,
        bInterval=0,
        bRefresh=0,
        bSynchAddress=0,
        extra_descriptors=[],
    )


def string_descriptor(index: int, serial: str) -> bytes | None:
    """USB 2.0, tables 9-15 and 9-16: the languages at 0, the serial number; None for a string that is not there."""
    if index == 0:
        body = _ENGLISH.to_bytes(2, "little")
    elif index == _SERIAL_AT and serial:
        body = serial.encode("utf-16-le")
    else:
        return None
    return bytes([len(body) + 2, 3]) + body
