"""check_onnx.py FILE...: the ONNX project's own checker, with shape inference, on each file; prints opset and IR version."""
import sys

import onnx

for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    print(model.opset_import[0].version, model.ir_version)
