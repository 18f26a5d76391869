#!/usr/bin/env python3
"""settime.py IN.nupkg OUT.nupkg: the same package with one time for all its entries. It is all in which packages of the same content differ."""
import sys
import zipfile

source, target = sys.argv[1:]
with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
    for entry in old.infolist():
        same = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
        same.external_attr = entry.external_attr
        new.writestr(same, old.read(entry), zipfile.ZIP_DEFLATED, 6)
