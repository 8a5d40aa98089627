"""The laboratory's second backend: FRR routers in network namespaces, with a real forwarding plane.

``admission`` says which specifications it can have, ``fabric`` and the modules beside it turn a
planned world into namespaces and files, ``holder`` and ``inside`` keep them alive, ``entry`` is
the way in. Nothing outside ``netops.lab`` knows of it.
"""
