// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;

namespace Tare.Architecture;

public class ArrowTests
{
    /// <summary>Every reference between rooms that there may be; DESIGN.md says why.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Tare.First"] = [],
        ["Tare.Oci"] = [],
        ["Tare.Linux"] = ["Tare.First"],
        ["Tare.Images"] = ["Tare.Linux", "Tare.Oci"],
        ["Tare.Runtime"] = ["Tare.Linux", "Tare.Oci"],
        ["Tare.Network"] = ["Tare.Linux", "Tare.Oci"],
        ["Tare.Keeper"] = ["Tare.Linux", "Tare.Runtime"],
        ["Tare.Engine"] = ["Tare.Images", "Tare.Keeper", "Tare.Linux", "Tare.Network", "Tare.Oci", "Tare.Runtime"],
        ["Tare.Build"] = ["Tare.Images", "Tare.Keeper", "Tare.Linux", "Tare.Network", "Tare.Oci", "Tare.Runtime"],
        ["Tare.Server"] = ["Tare.Images", "Tare.Linux", "Tare.Oci"],
        ["Tare.Cli"] =
            ["Tare.Build", "Tare.Engine", "Tare.Images", "Tare.Keeper", "Tare.Linux", "Tare.Network", "Tare.Oci", "Tare.Runtime", "Tare.Server"],
    };

    /// <summary>Packages that may reach only these rooms.</summary>
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["BCrypt.Net-Next"] = ["Tare.Server"],
        ["SQLitePCLRaw.provider.sqlite3"] = ["Tare.Images", "Tare.Engine"],
    };

    [Fact]
    public void Rooms_refer_to_no_other_rooms_than_the_design_says() => Assert.All(SourceTree.Rooms, room =>
        Assert.Equal([], SourceTree.References(room).Except(Allowed.GetValueOrDefault(room, []))));

    [Fact]
    public void Every_room_stands_in_the_design() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), SourceTree.Rooms);

    /// <summary>The first process is no assembly to anybody: its machine code is data of Tare.Linux.</summary>
    [Fact]
    public void A_room_shows_its_internals_only_to_those_that_refer_to_it() => Assert.All(SourceTree.Rooms.Where(room => room != "Tare.First"), room =>
    {
        string[] shown = [.. SourceTree.Items(SourceTree.Project(room), "InternalsVisibleTo")];

        Assert.Equal([], shown.Except(Users(room, SourceTree.Rooms.Concat(SourceTree.TestProjects))));
        Assert.Equal([], Users(room, SourceTree.Rooms).Except(shown));
    });

    [Fact]
    public void Packages_stay_in_their_rooms() => Assert.All(SourceTree.Rooms, room => Assert.All(
        SourceTree.Items(SourceTree.Project(room), "PackageReference"),
        package => Assert.Contains(room, Packages.GetValueOrDefault(package, []))));

    [Fact]
    public void Unsafe_code_and_foreign_functions_are_in_one_room()
    {
        // the first process has nothing but pointers
        Assert.All(SourceTree.Rooms.Where(room => room is not ("Tare.Linux" or "Tare.First")), room =>
            Assert.Empty(SourceTree.Project(room).Descendants("AllowUnsafeBlocks")));
        Assert.All(SourceTree.Sources("src").Where(path => !path.StartsWith("src/Tare.Linux/", StringComparison.Ordinal)), path =>
            Assert.DoesNotContain(SourceTree.Lines(path), line =>
                line.Contains("[DllImport", StringComparison.Ordinal) || line.Contains("[LibraryImport", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        IEnumerable<string> listed = XDocument.Load(Path.Combine(SourceTree.Root, "Tare.slnx"))
            .Descendants("Project")
            .Select(project => Path.GetFileNameWithoutExtension(project.Attribute("Path")!.Value));

        Assert.Equal(SourceTree.Rooms.Concat(SourceTree.TestProjects).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Users(string room, IEnumerable<string> projects) =>
        projects.Where(project => SourceTree.References(project).Contains(room)).Select(SourceTree.AssemblyName);
}
