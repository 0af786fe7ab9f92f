using Inkling.Readme;
using Inkling.Serialization;

// Fills the generated parts of README.md and draws its pictures: docs/generate runs it after the commands that it builds on.
string root = args is [var folder] ? folder : Directory.GetCurrentDirectory();
foreach ((string path, string text) in GeneratedFiles.Of(root))
{
    string file = Path.Combine(root, path);
    bool isCurrent = File.Exists(file) && File.ReadAllText(file) == text;
    if (!isCurrent)
    {
        AtomicFile.Write(file, text);
    }

    Console.WriteLine($"{path}: {(isCurrent ? "as it was" : "written")}");
}
