"""Signatures and certificates. The one place that imports `cryptography`; importing this package itself loads nothing.

suites.py signs and verifies; authority.py issues X.509 certificates and judges them.

Two suites work at the same time, and every signed object names its own. The national suite (SM2 with SM3, GB/T 32918
and GB/T 32905) would be a third row of `suites.SUITES`, with its algorithm identifiers in `x509.py`; a certified
module has to stand behind it, so it is absent here.
"""
