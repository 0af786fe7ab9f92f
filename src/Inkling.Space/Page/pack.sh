#!/usr/bin/env bash
# Remakes the two files of onnxruntime-web beside this script from its npm package, and checks every hash.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack onnxruntime-web@1.30.0 --silent --pack-destination "$work" >/dev/null
tar -xzf "$work/onnxruntime-web-1.30.0.tgz" -C "$work"

(cd "$work/package/dist" && sha256sum --check --quiet -) <<'RAW'
11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90  ort.wasm.bundle.min.mjs
3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2  ort-wasm-simd-threaded.wasm
RAW

cp "$work/package/dist/ort.wasm.bundle.min.mjs" ort.wasm.bundle.min.js
gzip -9 -n <"$work/package/dist/ort-wasm-simd-threaded.wasm" >ort-wasm-simd-threaded.wasm.gz

# The raw hashes above decide; this only tells whether this gzip packs like the one used for the repository (GNU gzip 1.12).
sha256sum --check --quiet - <<'PACKED'
bf933930bc90cf4f613f36cdc41616b54cfd2e9930478b574aed6ed4ef9ff8ca  ort-wasm-simd-threaded.wasm.gz
PACKED
