using System.Security.Cryptography;

namespace Inkling.Data.Pictures;

/// <summary>Identity of pictures as they are stored; rules: docs/data.md.</summary>
/// <remarks>
/// Pictures of one shape hash as <see cref="ImageSet.Fingerprint"/> says, whatever format they came in. Pictures that
/// differ: the eight bytes <c>INKIMG02</c>; N; of each picture C, H, W and its pixels [C, H, W]; then the labels.
/// </remarks>
internal sealed class PictureHash
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly PictureSurvey _survey;
    private readonly bool _isUniform;

    public PictureHash(PictureSurvey survey)
    {
        _survey = survey;
        _isUniform = survey.Shapes.TrueForAll(shape => shape == survey.Shapes[0]);
        _hash.AppendData(_isUniform ? "INKIMG01"u8 : "INKIMG02"u8);
        _hash.AppendInt32(survey.Names.Count);
        if (_isUniform)
        {
            AppendShape(0);
        }
    }

    public void Append(int index, ReadOnlySpan<byte> planes)
    {
        if (!_isUniform)
        {
            AppendShape(index);
        }

        _hash.AppendData(planes);
    }

    public string Finish(List<int> labels)
    {
        _hash.AppendInt32([.. labels]);
        string text = Convert.ToHexStringLower(_hash.GetHashAndReset());
        _hash.Dispose();
        return text;
    }

    private void AppendShape(int index) =>
        _hash.AppendInt32(_survey.Shapes[index].Channels, _survey.Shapes[index].Height, _survey.Shapes[index].Width);
}

/// <summary>One hash for many files: SHA-256 of a line <c>hash␠␠name\n</c> for each, as <c>sha256sum</c> prints them.</summary>
internal sealed class FileListHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(string name, byte[] sha256) =>
        _hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{Convert.ToHexStringLower(sha256)}  {name}\n"));

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
