"""SMS gateways: one module for each provider, all behind :mod:`workers.gateways.contract`."""
