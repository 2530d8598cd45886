// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Tests.Sources;

public sealed class FolderSizeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-size-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_name_counts_and_links_are_not_followed()
    {
        File.WriteAllText(Path.Combine(_folder, "empty"), "");
        File.WriteAllBytes(Path.Combine(_folder, "large"), new byte[5000]);
        Directory.CreateDirectory(Path.Combine(_folder, "below"));
        File.WriteAllText(Path.Combine(_folder, "below", "one"), "1");
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "/usr");
        using Fd folder = HostPath.OpenDirectory(_folder);

        Assert.Equal(4096 + 8192 + (2 * 4096) + 4096, FolderSize.Of(folder));
    }

    [Fact]
    public void Folders_without_end_are_too_much()
    {
        string deep = _folder;
        for (int i = 0; i < 300; i++)
        {
            deep += "/d";
        }

        Directory.CreateDirectory(deep);
        using Fd folder = HostPath.OpenDirectory(_folder);

        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<TareException>(() => FolderSize.Of(folder)).Kind);
    }
}
