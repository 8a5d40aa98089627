"""The network trust system: an SM2 certification authority.

Everything that a person or a program may ask of it goes through ``authority``; keys are reached
through a provider of ``netops.gm``; every act lands in the journal before it takes effect.
"""
