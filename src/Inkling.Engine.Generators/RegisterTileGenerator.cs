using System.Text;
using Microsoft.CodeAnalysis;

namespace Inkling.Engine.Generators;

/// <summary>
/// Writes <c>RegisterTile</c>: one method per tile of <c>rows × columns</c> accumulators, all from the template below.
/// C# keeps only named locals in registers, so a tile of any size has to be spelled out; here it is spelled out once.
/// </summary>
[Generator]
public sealed class RegisterTileGenerator : IIncrementalGenerator
{
    private const int MaxRows = 8;
    private const int MaxColumns = 2;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterPostInitializationOutput(static output => output.AddSource("RegisterTile.g.cs", Source()));

    private static string Source()
    {
        var code = new StringBuilder(
            """
            using System.Runtime.CompilerServices;

            namespace Inkling.Engine;

            internal static unsafe partial class RegisterTile
            {
                internal const int MaxRows = ROWS;

            """.Replace("ROWS", MaxRows.ToString()));
        for (int columns = 1; columns <= MaxColumns; columns++)
        {
            for (int rows = 1; rows <= MaxRows; rows++)
            {
                code.Append(Method(rows, columns));
            }
        }

        return code.Append(MethodList()).Append("}\n").ToString();
    }

    private static string Method(int rows, int columns)
    {
        int[] row = Enumerable.Range(0, rows).ToArray();
        int[] column = Enumerable.Range(0, columns).ToArray();
        var cells = row.SelectMany(r => column.Select(c => (Row: r, Column: c))).ToArray();
        return $$"""

                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private static void Tile{{rows}}x{{columns}}<TLanes, TRows>(TileArguments* t, int tiles)
                    where TLanes : struct, ILanes<TLanes>
                    where TRows : struct, IRows
                {
                    nint step = t->AStep;
                    nint bColumn = t->BColumn;
                    TileRun* lastRun = t->Runs + t->RunCount;
                    for (; tiles > 0; tiles--)
                    {
                        {{Lines(cells.Select(c => $"TLanes s{c.Row}_{c.Column} = TLanes.Load(t->Initial + {c.Row} * t->InitialRow + {c.Column} * t->InitialColumn);"))}}
                        {{Lines(row.Select(r => $"nint a{r} = TRows.A(t, {r});"))}}
                        for (TileRun* run = t->Runs; run < lastRun; run++)
                        {
                            float* a = t->A + run->A;
                            float* b = t->B + run->B;
                            float* end = b + (nint)run->Length * 16;
                            for (; b < end; a += step, b += 16)
                            {
                                TLanes x;
                                {{Lines(column.Select(c => $"TLanes b{c} = TLanes.Load(b + {c} * bColumn);"))}}
                                {{Lines(row.Select(r => $"x = TLanes.Broadcast(a[a{r}]); " + string.Join(" ", column.Select(c => $"s{r}_{c} = TLanes.FusedMultiplyAdd(x, b{c}, s{r}_{c});"))))}}
                            }
                        }

                        {{Lines(cells.Select(c => $"s{c.Row}_{c.Column}.Store(t->C + TRows.C(t, {c.Row}) + {c.Column} * t->CColumn);"))}}
                        TRows.Advance(t, {{rows}});
                        t->Initial += {{rows}} * t->InitialRow;
                    }
                }

            """;
    }

    private static string MethodList()
    {
        var methods = from columns in Enumerable.Range(1, MaxColumns)
                      from rows in Enumerable.Range(1, MaxRows)
                      select $"&Tile{rows}x{columns}<TLanes, TRows>,";
        return $$"""

                /// <summary>By columns, then rows.</summary>
                private static delegate*<TileArguments*, int, void>[] Methods<TLanes, TRows>()
                    where TLanes : struct, ILanes<TLanes>
                    where TRows : struct, IRows =>
                [
                    {{Lines(methods)}}
                ];

            """;
    }

    private static string Lines(System.Collections.Generic.IEnumerable<string> lines) => string.Join("\n", lines);
}
