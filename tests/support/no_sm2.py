"""Makes a libcrypto that lacks SM2: the system's own, behind a library that knows no such name."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
typedef void *(*real)(void *, const char *, const char *);
void *EVP_PKEY_CTX_new_from_name(void *context, const char *name, const char *query) {
    if (strcmp(name, "SM2") == 0) return 0;
    return ((real)dlsym(RTLD_NEXT, "EVP_PKEY_CTX_new_from_name"))(context, name, query);
}
"""


def make_libcrypto_without_sm2(folder: Path) -> Path:
    """Return the path of the library, or skip where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("a C compiler is missing: apt-get install gcc")
    source, made = folder / "no_sm2.c", folder / "libcrypto-no-sm2.so"
    source.write_text(_SOURCE)
    words = [compiler, "-shared", "-fPIC", "-o", str(made), str(source), "-Wl,--no-as-needed",
             "-l:libcrypto.so.3", "-ldl"]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    return made
