using System.Security.Cryptography;
using Inkling.Serialization;

namespace Inkling.Verification;

/// <summary>The private key that signs attestations: ECDSA on P-256, PKCS#8 in PEM, readable by its owner alone.</summary>
public sealed class AttestationKey : IDisposable
{
    private readonly ECDsa _key;

    private AttestationKey(ECDsa key) => _key = key;

    /// <summary>Where a key is kept unless the user says otherwise.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "inkling", "attestation-key.pem");

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo in DER), in lower-case hexadecimal.</summary>
    public string Id => IdOf(_key);

    /// <summary>The public key in PEM, to be given to those who shall recognise the signature.</summary>
    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Reads a key, or makes one where there is none.</summary>
    /// <exception cref="ModelFormatException">The file holds no such key.</exception>
    /// <exception cref="IOException">The file can't be read or made.</exception>
    public static AttestationKey ReadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            return Read(path);
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        return new AttestationKey(key);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>Signs with SHA-256; the signature is a DER sequence.</summary>
    internal byte[] Sign(byte[] message) => _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    internal static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private static AttestationKey Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            key.ExportPkcs8PrivateKey();
            return new AttestationKey(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ModelFormatException(path, "a private key for ECDSA in PEM (PKCS#8)", "something else", "Choose another --key, or delete the file for a new one.", e);
        }
    }
}
