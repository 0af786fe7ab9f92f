using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using Inkling.Data.Downloads;
using Microsoft.ML.OnnxRuntime;

namespace Inkling.Cli.Onnx;

/// <summary>
/// ONNX Runtime's native library. It lies packed beside the program, 11 MB instead of 29, since only <c>export</c> needs it,
/// and is unpacked once into the user's cache (docs/decisions/005-onnx.md).
/// </summary>
internal static class PackedRuntime
{
    private const string Library = "onnxruntime";
    private const int HashDigits = 16;

    private static readonly string Archive = Path.Combine(AppContext.BaseDirectory, Library + ".zip");

    /// <summary>Loads the library, so that ONNX Runtime's own calls find it.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none for this system.</exception>
    /// <exception cref="IOException">It can't be unpacked.</exception>
    internal static void Load()
    {
        Assembly calls = typeof(InferenceSession).Assembly;
        if (NativeLibrary.TryLoad(Library, calls, null, out _))
        {
            return;
        }

        string? file = File.Exists(Archive) ? Directory.EnumerateFiles(Unpacked()).FirstOrDefault(IsLibrary) : null;
        nint library = file is not null && NativeLibrary.TryLoad(file, out nint handle)
            ? handle
            : throw new PlatformNotSupportedException(
                $"export: expected ONNX Runtime for {RuntimeInformation.RuntimeIdentifier}, found none that loads. Export on another system: the files are the same everywhere.");
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (assembly, _) => assembly == calls ? library : 0;
    }

    /// <summary>The folder of the archive's files; made if it isn't there yet.</summary>
    private static string Unpacked()
    {
        using FileStream archive = File.OpenRead(Archive);
        string hash = Convert.ToHexStringLower(SHA256.HashData(archive))[..HashDigits];
        string folder = Path.Combine(DatasetCache.DefaultFolder, Library, hash);
        if (!Directory.Exists(folder))
        {
            string beside = $"{folder}.{Environment.ProcessId}";
            ZipFile.ExtractToDirectory(Archive, beside, overwriteFiles: true);
            try
            {
                Directory.Move(beside, folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // Another process was faster.
                Directory.Delete(beside, recursive: true);
            }
        }

        return folder;
    }

    private static bool IsLibrary(string path) =>
        Path.GetFileName(path) is $"lib{Library}.so" or $"lib{Library}.dylib" or $"{Library}.dll";
}
