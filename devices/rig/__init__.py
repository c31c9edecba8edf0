"""Makes emulators reachable: in-process (`emu://`), on ptys that unplug and come back, over TCP, on an emulated USB;
and steers them.
"""

from devices.rig.control import ControlClient, ControlRefused, ControlServer
from devices.rig.in_process import InProcessRig, register_emulators
from devices.rig.pty_rig import PtyRig
from devices.rig.pump import Rig
from devices.rig.tcp_rig import TcpRig
from devices.rig.udp_rig import UdpRig
from devices.rig.usb_rig import UsbBus, UsbRig

__all__ = [
    "ControlClient",
    "ControlRefused",
    "ControlServer",
    "InProcessRig",
    "PtyRig",
    "Rig",
    "TcpRig",
    "UdpRig",
    "UsbBus",
    "UsbRig",
    "register_emulators",
]
