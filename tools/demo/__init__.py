"""Everything on emulated devices: processes, control panel, and a visit that walks by itself."""
