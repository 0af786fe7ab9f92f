using System.Text;
using Inkling.Serialization;
using static Inkling.Serialization.JsonForm;

namespace Inkling.Tests.Serialization;

public sealed class JsonShapeTests
{
    private static readonly JsonShape<Lamp> Shape = Rows(new JsonShape<Lamp>(Lamp.Unset));

    [Fact]
    public void Write_ThenParse_GivesTheSame()
    {
        var lamp = new Lamp("desk", 40, 20, "red");

        (Lamp? read, IReadOnlyList<JsonFault> faults) = Parse(Shape, CanonicalJson.Write(Shape.Write(lamp)));

        Assert.Empty(faults);
        Assert.Equal(lamp, read);
    }

    [Fact]
    public void Write_OptionalValueAsInTheUnsetRecord_IsLeftOutAndReadsBack()
    {
        string text = CanonicalJson.WriteLine(Shape.Write(new Lamp("desk", 40, 20, null)));

        Assert.Equal("""{"dimmed":20,"name":"desk","watts":40}""", text);
        Assert.Null(Parse(Shape, text).Value!.Colour);
    }

    [Fact]
    public void Parse_SeveralFaults_TellsMissingThenUnknownThenValuesInTheOrderOfTheRows()
    {
        string[] faults = FaultsOf(Shape, """{"colour": null, "watts": 0, "name": "a b", "shade": 1}""");

        Assert.Equal(
            [
                "$ (line 1): missing key \"dimmed\"",
                "$.shade (line 1): unknown key; known here are name, watts, dimmed, colour",
                "$.name (line 1): expected a name of 1 to 100 letters, digits, '.', '_' or '-'; found \"a b\"",
                "$.watts (line 1): expected a whole number in [1, 100]; found 0",
                "$.colour (line 1): expected \"red\" or \"blue\"; found null",
            ],
            faults);
    }

    [Fact]
    public void Parse_RowThatDependsOnAnEarlierOne_KnowsItsValue() => Assert.Equal(
        ["$.dimmed (line 1): expected a whole number in [0, 40]; found 41"],
        FaultsOf(Shape, """{"name": "desk", "watts": 40, "dimmed": 41}"""));

    [Fact]
    public void Parse_CheckOfRowsBefore_IsToldWhereItSays() => Assert.Equal(
        ["$.watts (line 1): expected a lamp that can be had; found 13"],
        FaultsOf(Shape, """{"name": "desk", "watts": 13, "dimmed": 0}"""));

    [Fact]
    public void Parse_OpenShape_ReadsOverOtherKeysAndMissesItsOwn() => Assert.Equal(
        ["$ (line 1): missing key \"name\""],
        FaultsOf(Rows(new JsonShape<Lamp>(Lamp.Unset, isOpen: true)), """{"watts": 40, "dimmed": 0, "shade": 1}"""));

    [Fact]
    public void Parse_NewerSchema_SaysNothingElse() => Assert.Equal(
        ["$.schema (line 1): this version of Inkling reads schema 1; found 2, which needs a newer version"],
        FaultsOf(Rows(new JsonShape<Lamp>(Lamp.Unset).Schema(1)), """{"schema": 2, "shade": 1}"""));

    [Fact]
    public void Parse_IncludedRows_StandInTheSameObject()
    {
        JsonShape<(Lamp Lamp, bool IsOn)> shape = new JsonShape<(Lamp Lamp, bool IsOn)>((Lamp.Unset, false))
            .Include(Shape, x => x.Lamp, (x, v) => (v, x.IsOn))
            .Required("on", Flag, x => x.IsOn, (x, v) => (x.Lamp, v));

        string text = CanonicalJson.WriteLine(shape.Write((new Lamp("desk", 40, 20, null), true)));

        Assert.Equal("""{"dimmed":20,"name":"desk","on":true,"watts":40}""", text);
        Assert.Equal((new Lamp("desk", 40, 20, null), true), Parse(shape, text).Value);
        Assert.Equal(4, FaultsOf(shape, "{}").Length);
    }

    [Fact]
    public void Parse_WrittenKey_HasToBeThereAndMayBeAnything()
    {
        JsonShape<Lamp> shape = Rows(new JsonShape<Lamp>(Lamp.Unset).Written("note", _ => "for others"));

        Assert.Empty(FaultsOf(shape, """{"note": [], "name": "desk", "watts": 40, "dimmed": 0}"""));
        Assert.Equal(["$ (line 1): missing key \"note\""], FaultsOf(shape, """{"name": "desk", "watts": 40, "dimmed": 0}"""));
    }

    [Fact]
    public void Choice_Kinds_AreReadAndWrittenByName()
    {
        JsonChoice<object> choice = new JsonChoice<object>("A thing").Kind("lamp", Shape).Kind("text", Text);

        Assert.Equal("""{"text":"a"}""", CanonicalJson.WriteLine(choice.Write("a")));
        Assert.Equal("a", Parse(choice, """{"text": "a"}""").Value);
        Assert.Equal(["$ (line 1): expected exactly one key out of lamp, text; found none"], FaultsOf(choice, "{}"));
        Assert.Equal(
            ["$ (line 1): expected exactly one key out of lamp, text; found lamp, text"],
            FaultsOf(choice, """{"lamp": 1, "text": 1}"""));
        Assert.Equal(
            "A thing of type Object has no JSON form.", Assert.Throws<ArgumentException>(() => choice.Write(new object())).Message);
    }

    private static JsonShape<Lamp> Rows(JsonShape<Lamp> shape) => shape
        .Required("name", ShortName, x => x.Name, (x, v) => x with { Name = v })
        .Required("watts", Integer(1, 100), x => x.Watts, (x, v) => x with { Watts = v })
        .Check("watts", x => x.Watts == 13 ? "expected a lamp that can be had; found 13" : null)
        .Required("dimmed", x => Integer(0, x.Watts), x => x.Dimmed, (x, v) => x with { Dimmed = v })
        .Optional("colour", OneOf("red", "blue"), x => x.Colour, (x, v) => x with { Colour = v });

    private static (T? Value, IReadOnlyList<JsonFault> Faults) Parse<T>(JsonForm<T> form, string text) =>
        form.Parse(Encoding.UTF8.GetBytes(text));

    private static string[] FaultsOf<T>(JsonForm<T> form, string text) => [.. Parse(form, text).Faults.Select(fault => fault.ToString())];

    private sealed record Lamp(string Name, int Watts, int Dimmed, string? Colour)
    {
        internal static Lamp Unset { get; } = new("", 0, 0, null);
    }
}
