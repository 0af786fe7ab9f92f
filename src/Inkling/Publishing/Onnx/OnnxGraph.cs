using System.Runtime.InteropServices;
using Google.Protobuf;
using Inkling.Publishing.Onnx.Schema;

namespace Inkling.Publishing.Onnx;

/// <summary>An ONNX graph in the making. Values are named after the nodes that give them.</summary>
/// <remarks>
/// Operators of set 13 in files of IR version 7 (ONNX 1.8, 2020): every runtime since reads them, and nothing newer is needed.
/// Equal graphs are equal bytes: fields are written in the order of their numbers, and there is neither a map nor a time in them.
/// </remarks>
internal sealed class OnnxGraph(string name)
{
    private const int OperatorSet = 13;
    private const int IrVersion = 7;

    private readonly GraphProto _graph = new() { Name = name };

    /// <summary>A value that comes from outside.</summary>
    /// <param name="name">What runtimes call it.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="shape">Extents after the first, which is the number of images, N.</param>
    internal string Input(string name, TensorProto.Types.DataType type, params IEnumerable<int> shape)
    {
        _graph.Input.Add(ValueInfo(name, type, shape));
        return name;
    }

    /// <summary>Gives a value to the outside, under a name for runtimes.</summary>
    /// <param name="value">What a node gives and no other node takes any more.</param>
    /// <param name="name">What runtimes call it.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="shape">Extents after the first.</param>
    internal void Output(string value, string name, TensorProto.Types.DataType type, params IEnumerable<int> shape)
    {
        _graph.Node.Single(node => node.Output[0] == value).Output[0] = name;
        _graph.Output.Add(ValueInfo(name, type, shape));
    }

    /// <summary>Adds an operator.</summary>
    /// <returns>The value that it gives.</returns>
    internal string Add(string operatorType, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        string value = $"{operatorType}_{_graph.Node.Count}";
        var node = new NodeProto { Name = value, OpType = operatorType, Output = { value } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return value;
    }

    /// <summary>A tensor that is part of the file.</summary>
    /// <returns>Its name.</returns>
    internal string Constant<T>(string name, TensorProto.Types.DataType type, IEnumerable<int> shape, T[] values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("ONNX files are little-endian, this machine is not.");
        }

        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)),
        };
        tensor.Dims.AddRange(shape.Select(extent => (long)extent));
        _graph.Initializer.Add(tensor);
        return name;
    }

    /// <inheritdoc cref="Constant{T}"/>
    internal string Constant(string name, IEnumerable<int> shape, float[] values) =>
        Constant(name, TensorProto.Types.DataType.Float, shape, values);

    /// <inheritdoc cref="Constant{T}"/>
    internal string Constant(string name, IEnumerable<int> shape, double[] values) =>
        Constant(name, TensorProto.Types.DataType.Double, shape, values);

    /// <summary>A view of a value with extents of 1 put in.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="axes">Where they stand in the result.</param>
    internal string Unsqueeze(string value, params long[] axes)
    {
        string constant = $"axes_{string.Join('_', axes)}";
        if (_graph.Initializer.All(tensor => tensor.Name != constant))
        {
            Constant(constant, TensorProto.Types.DataType.Int64, [axes.Length], axes);
        }

        return Add("Unsqueeze", [value, constant]);
    }

    /// <summary>0.5, in double precision.</summary>
    internal string Half() => _graph.Initializer.Any(tensor => tensor.Name == "half") ? "half" : Constant("half", [], [0.5]);

    internal static AttributeProto Integer(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    internal static AttributeProto Integers(string name, params IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    /// <summary>The bytes of the file.</summary>
    /// <param name="metadata">Text for people and programs, by key.</param>
    internal byte[] ToBytes(params IEnumerable<(string Key, string Value)> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "Inkling",
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
        };
        model.MetadataProps.AddRange(metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return model.ToByteArray();
    }

    private static ValueInfoProto ValueInfo(string name, TensorProto.Types.DataType type, IEnumerable<int> shape)
    {
        var dimensions = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        dimensions.Dim.AddRange(shape.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
