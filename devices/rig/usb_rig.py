"""Emulators on an emulated USB: a backend for pyusb, so that the whole of pyusb and `wire.usb_bulk` run as they do
on hardware.

    with UsbBus(clock) as bus:                      # wires to usb://… lead here until the end of the block
        rig = UsbRig(bus, SdtEmulator(clock), split=True)
        open_wire(rig.url)

Modelled as libusb and the kernel behave: an interface belongs to one handle; a driver of the kernel's is in the way
until it is detached; a transfer ends with a short packet, when it is full, or at its time-out; a buffer that is no
multiple of the packet size overflows; a device that comes back has a new address and old handles stay dead.
"""

import errno
import threading
from array import array
from collections.abc import Iterator
from types import SimpleNamespace, TracebackType
from typing import Self

import usb.backend

from devices.emulators.base import SerialEmulator
from devices.rig.usb_descriptors import (
    SINGLE,
    SPLIT,
    Layout,
    configuration_descriptor,
    device_descriptor,
    endpoint_descriptor,
    interface_descriptor,
    string_descriptor,
)
from devices.rig.usb_plugged import Handle, PluggedDevice, error, timed_out
from devices.wire.usb_bulk import use_backend
from ground.clock import Clock

_TICK_S = 0.005  # how often an emulator is asked whether it has something to say
_GET_DESCRIPTOR, _STRING = 0x06, 0x03  # USB 2.0, tables 9-4 and 9-5


class UsbRig:
    """`emulator` as a USB device, plugged into `bus`. Implements `devices.rig.Rig`."""

    def __init__(
        self,
        bus: "UsbBus",
        emulator: SerialEmulator,
        *,
        vid: int = 0x0400,  # §1.2: the classic security module
        pid: int = 0xC35A,
        serial: str = "",
        split: bool = False,
    ) -> None:
        """Plugged in on return. `split`: frames are cut in two, over two pairs of endpoints."""
        self.emulator = emulator
        self.vid, self.pid, self.serial = vid, pid, serial
        self.layout: Layout = SPLIT if split else SINGLE
        self.permitted = True  #: False: this user may not open it
        self.stalled = False  #: True: it takes no more bytes
        self.configured = True  #: False: nobody has set its configuration since it was plugged in
        self.kernel_driver = True  #: whether a driver of the kernel's holds it
        self._bus = bus
        self._plugged: PluggedDevice | None = None
        self.replug()

    @property
    def url(self) -> str:
        """What the driver's settings must say."""
        return f"usb://{self.vid:04X}:{self.pid:04X}" + (f"/{self.serial}" if self.serial else "")

    @property
    def address(self) -> int | None:
        """The address on the bus; another after each replug. None while unplugged."""
        return self._plugged.address if self._plugged else None

    def unplug(self) -> None:
        """Pull the plug. Does nothing when it is out."""
        plugged, self._plugged = self._plugged, None
        if plugged is not None:
            self._bus.remove(plugged)

    def replug(self) -> None:
        """Put the plug in (again), at a new address. Does nothing when it is in."""
        if self._plugged is None:
            self.kernel_driver = True
            self._plugged = self._bus.add(self)

    def close(self) -> None:
        """The same as `unplug`: there is nothing else to let go of."""
        self.unplug()


class UsbBus(usb.backend.IBackend):  # type: ignore[misc]  # pyusb has no types
    """The bus: what `usb.core.find` finds while this is the backend."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._devices: list[PluggedDevice] = []
        self._addresses = 0
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        use_backend(self, self.clock)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        use_backend(None)

    def add(self, rig: UsbRig) -> PluggedDevice:
        """Plug in."""
        with self._lock:
            self._addresses += 1
            device = PluggedDevice(rig, self._addresses)
            self._devices.append(device)
            return device

    def remove(self, device: PluggedDevice) -> None:
        """Pull out."""
        with self._lock:
            device.gone = True
            self._devices.remove(device)

    # --- what pyusb calls: see usb.backend.IBackend ---

    def enumerate_devices(self) -> Iterator[PluggedDevice]:
        with self._lock:
            return iter(tuple(self._devices))

    def get_device_descriptor(self, dev: PluggedDevice) -> SimpleNamespace:
        return device_descriptor(dev.rig.vid, dev.rig.pid, dev.address, has_serial=bool(dev.rig.serial))

    def get_configuration_descriptor(self, dev: PluggedDevice, config: int) -> SimpleNamespace:
        return configuration_descriptor(dev.rig.layout)

    def get_interface_descriptor(
        self, dev: PluggedDevice, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        return interface_descriptor(dev.rig.layout, intf, alt)

    def get_endpoint_descriptor(
        self, dev: PluggedDevice, ep: int, intf: int, alt: int, config: int
    ) -> SimpleNamespace:
        return endpoint_descriptor(dev.rig.layout, intf, ep)

    def open_device(self, dev: PluggedDevice) -> Handle:
        if not dev.rig.permitted:
            raise error("Access denied (insufficient permissions)", errno.EACCES)
        self._alive(dev)
        return Handle(dev)

    def close_device(self, dev_handle: Handle) -> None:
        with self._lock:
            if dev_handle.device.claimed_by is dev_handle:
                dev_handle.device.claimed_by = None

    def get_configuration(self, dev_handle: Handle) -> int:
        return int(self._alive(dev_handle.device).rig.configured)

    def set_configuration(self, dev_handle: Handle, config_value: int) -> None:
        self._alive(dev_handle.device).rig.configured = True

    def claim_interface(self, dev_handle: Handle, intf: int) -> None:
        with self._lock:
            device = self._alive(dev_handle.device)
            if device.rig.kernel_driver or device.claimed_by not in (None, dev_handle):
                raise error("Resource busy", errno.EBUSY)
            device.claimed_by = dev_handle
            device.forget()
            device.rig.emulator.connected()

    def release_interface(self, dev_handle: Handle, intf: int) -> None:
        with self._lock:
            self._alive(dev_handle.device).claimed_by = None

    def is_kernel_driver_active(self, dev_handle: Handle, intf: int) -> bool:
        return self._alive(dev_handle.device).rig.kernel_driver

    def detach_kernel_driver(self, dev_handle: Handle, intf: int) -> None:
        self._alive(dev_handle.device).rig.kernel_driver = False

    def attach_kernel_driver(self, dev_handle: Handle, intf: int) -> None:
        self._alive(dev_handle.device).rig.kernel_driver = True

    def ctrl_transfer(
        self,
        dev_handle: Handle,
        bmRequestType: int,
        bRequest: int,
        wValue: int,
        wIndex: int,
        data: "array[int]",
        timeout: int,
    ) -> int:
        device = self._alive(dev_handle.device)
        text = string_descriptor(wValue & 0xFF, device.rig.serial)
        if bRequest != _GET_DESCRIPTOR or wValue >> 8 != _STRING or text is None:
            raise error("Pipe error", errno.EPIPE)
        data[: len(text)] = array("B", text)
        return len(text)

    def bulk_write(self, dev_handle: Handle, ep: int, intf: int, data: "array[int]", timeout: int) -> int:
        device = self._claimed(dev_handle)
        if device.rig.stalled:
            self.clock.wait(timeout / 1000)
            raise timed_out()
        device.begin_frame()  # whatever the last answer was cut to, the next one begins by its head
        device.rig.emulator.receive(data.tobytes())
        self._alive(device)  # what the device heard may have been its end
        return len(data)

    def bulk_read(self, dev_handle: Handle, ep: int, intf: int, buff: "array[int]", timeout: int) -> int:
        deadline = self.clock.after(timeout / 1000)
        heard = bytearray()
        while True:
            device = self._claimed(dev_handle)
            device.collect()
            self._alive(device)
            if device.transferred(ep, heard, len(buff)):
                break
            if self.clock.due(deadline):
                if not heard:
                    raise timed_out()
                break
            self.clock.wait(min(_TICK_S, self.clock.left(deadline), self._until(device.rig.emulator)))
        buff[: len(heard)] = array("B", bytes(heard))
        return len(heard)

    def _until(self, emulator: SerialEmulator) -> float:
        due = emulator.next_due()
        return _TICK_S if due is None else self.clock.left(due)

    def _alive(self, device: PluggedDevice) -> PluggedDevice:
        if device.gone:
            raise error("No such device (it may have been disconnected)", errno.ENODEV)
        return device

    def _claimed(self, handle: Handle) -> PluggedDevice:
        device = self._alive(handle.device)
        if device.claimed_by is not handle:
            raise error("Entity not found", errno.ENOENT)
        return device
