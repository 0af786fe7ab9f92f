using Inkling.Engine;

namespace Inkling.Tests.Engine.Memory;

public sealed unsafe class FloatBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void New_AnyLength_IsZeroedAndAligned(int length)
    {
        using var buffer = new FloatBuffer(length);

        Assert.Equal(0, (nint)buffer.Data % 64);
        Assert.False(buffer.Span.ContainsAnyExcept(0f));
    }

    [Fact]
    public void Data_AfterDispose_Throws()
    {
        var buffer = new FloatBuffer(10);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => (nint)buffer.Data);
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

#if DEBUG
    [Theory]
    [InlineData(-1, "before its beginning")]
    [InlineData(-64, "before its beginning")]
    [InlineData(37, "behind its end")]
    [InlineData(37 + 63, "behind its end")]
    public void Dispose_SomebodyWroteBeyondAnEnd_ThrowsNamingTheBuffer(int place, string where)
    {
        using var buffer = new FloatBuffer(37);
        float guard = buffer.Data[place];
        buffer.Data[place] = 0;

        var thrown = Assert.Throws<InvalidOperationException>(buffer.Dispose);

        Assert.Contains(
            $"a buffer of 37 floats as they were set, found them overwritten {where}", thrown.Message, StringComparison.Ordinal);
        buffer.Data[place] = guard;
    }
#endif
}
