using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Inkling.Serialization;

namespace Inkling.Tests.Serialization;

public class CanonicalJsonTests
{
    [Fact]
    public void Write_KeysInAnyOrder_AreOrdinal()
    {
        var node = new JsonObject { ["b"] = 1, ["a"] = new JsonArray(), ["B"] = new JsonObject(), ["ä"] = null };

        string text = CanonicalJson.Write(node);

        Assert.Equal("{\n  \"B\": {},\n  \"a\": [],\n  \"b\": 1,\n  \"ä\": null\n}\n", text);
    }

    [Fact]
    public void Write_Nested_IndentsByTwo()
    {
        var node = new JsonArray(new JsonObject { ["a"] = new JsonArray(1, true) });

        Assert.Equal("[\n  {\n    \"a\": [\n      1,\n      true\n    ]\n  }\n]\n", CanonicalJson.Write(node));
    }

    [Fact]
    public void WriteLine_Nested_HasNoWhiteSpace()
    {
        var node = new JsonObject { ["b"] = new JsonArray(1, 2), ["a"] = "x y" };

        Assert.Equal("{\"a\":\"x y\",\"b\":[1,2]}", CanonicalJson.WriteLine(node));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(-0.0, "0")]
    [InlineData(4.0, "4")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(4611686018427387904.0, "4611686018427387904")]
    [InlineData(-9223372036854775808.0, "-9223372036854775808")]
    [InlineData(1e20, "1e+20")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(4503599627370495.5, "4503599627370495.5")]
    [InlineData(double.Epsilon, "5e-324")]
    public void WriteLine_Double_IsShortest(double value, string expected) =>
        Assert.Equal(expected, CanonicalJson.WriteLine(value));

    [Fact]
    public void WriteLine_Single_IsShortestOfItsPrecision() => Assert.Equal("0.1", CanonicalJson.WriteLine(0.1f));

    [Fact]
    public void WriteLine_LargestIntegers_AreWhole()
    {
        Assert.Equal("18446744073709551615", CanonicalJson.WriteLine(ulong.MaxValue));
        Assert.Equal("-9223372036854775808", CanonicalJson.WriteLine(long.MinValue));
    }

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("1E2", "100")]
    [InlineData("0.10", "0.1")]
    [InlineData("-0", "0")]
    public void WriteLine_ParsedNumber_HasOneSpelling(string json, string expected) =>
        Assert.Equal(expected, CanonicalJson.WriteLine(JsonNode.Parse(json)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Write_NotFinite_Throws(double value) =>
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(JsonValue.Create(value)));

    [Fact]
    public void Write_ParsedNumberBeyondDouble_Throws() =>
        Assert.Throws<ArgumentException>(() => CanonicalJson.Write(JsonNode.Parse("1e999")));

    [Fact]
    public void WriteLine_Text_EscapesOnlyWhatJsonDemands() =>
        Assert.Equal("\"\\\"\\\\/<é😀\u2028\\n\\u001f\u007f\"", CanonicalJson.WriteLine("\"\\/<é😀\u2028\n\u001f\u007f"));

    [Fact]
    public void WriteLine_HalfASurrogatePair_Throws() =>
        Assert.Throws<ArgumentException>(() => CanonicalJson.WriteLine("\ud83d"));

    [Fact]
    public void WriteLine_AnyDouble_ReadsBackExactly() => Gen.Double.Where(double.IsFinite).Sample(
        value => Assert.Equal(value, JsonNode.Parse(CanonicalJson.WriteLine(value))!.GetValue<double>()),
        seed: "0000000000004", iter: 2000);

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("sv-SE")]
    public void Write_OtherCulture_SameText(string culture)
    {
        var node = new JsonObject { ["i"] = -1.5, ["I"] = -7, ["ı"] = 1e-7, ["numbers"] = new JsonArray(1234567.25, 0.5f) };
        string expected = CanonicalJson.Write(node);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Assert.Equal(",", CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator);

            Assert.Equal(expected, CanonicalJson.Write(node));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
