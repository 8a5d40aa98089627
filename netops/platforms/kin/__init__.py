"""What Huawei VRP and H3C Comware have in common: their configuration languages have one root.

Knows statements that read alike in both, and what FRR shares of them: layout, rules, secrets.
Refuses to know defaults: a platform hands them in, by release.
"""
