using Inkling.Engine;

namespace Inkling.Evaluation.Robustness;

/// <summary>A dashed line over the writing, from (0, r₀) to (27, r₁) with rows r drawn from 0 to 26: two columns off, two on.</summary>
internal sealed record DottedLine() : ImageCorruption("dotted_line", null)
{
    internal override void Apply(Span<double> image, Shape shape, RandomStream random) => LinePainter.Paint(
        image, shape, (0, random.Integer(0, 27)), (27, random.Integer(1, 27)), column => column / 2 % 2 == 1);
}
