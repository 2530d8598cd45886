// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;

namespace Tare.Architecture;

/// <summary>The repository as files: projects, what they refer to, and their sources.</summary>
internal static class SourceTree
{
    public static readonly string Root = FindRoot();

    /// <summary>Projects of src/, by their folder's name.</summary>
    public static IEnumerable<string> Rooms => Names("src");

    /// <summary>Projects of test/, by their folder's name.</summary>
    public static IEnumerable<string> TestProjects => Names("test");

    public static XDocument Project(string name) =>
        XDocument.Load(Path.Combine(Root, Rooms.Contains(name) ? "src" : "test", name, $"{name}.csproj"));

    /// <summary>The values of one kind of item, such as ProjectReference.</summary>
    public static IEnumerable<string> Items(XDocument project, string kind) =>
        project.Descendants(kind).Select(item => item.Attribute("Include")?.Value).OfType<string>();

    /// <summary>The projects that a project refers to, by name.</summary>
    public static string[] References(string name) =>
        [.. Items(Project(name), "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>The name that InternalsVisibleTo uses.</summary>
    public static string AssemblyName(string name) =>
        Project(name).Descendants("AssemblyName").FirstOrDefault()?.Value ?? name;

    /// <summary>C# files below a folder of the repository, as paths relative to the root.</summary>
    public static IEnumerable<string> Sources(params string[] folders) => folders
        .Where(folder => Directory.Exists(Path.Combine(Root, folder)))
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Root, path))
        .Order(StringComparer.Ordinal);

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static IEnumerable<string> Names(string folder) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories)
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Tare.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Tare.slnx is in no folder above the tests");
    }
}
