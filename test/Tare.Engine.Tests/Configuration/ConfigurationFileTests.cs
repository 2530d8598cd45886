// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Tests.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_read_and_remembers_its_name()
    {
        string path = Write("""{"init": true}""");

        EngineConfiguration read = ConfigurationFile.Read(path);

        Assert.True(read.Init);
        Assert.Equal(path, read.File);
    }

    [Fact]
    public void A_file_that_nobody_named_may_be_missing()
    {
        Assert.Null(ConfigurationFile.ReadIfPresent($"{_folder}/no"));
        Assert.Null(ConfigurationFile.ReadIfPresent($"{_folder}/no/config"));
    }

    [Fact]
    public void A_file_that_somebody_named_may_not()
    {
        TareException refused = Refused($"{_folder}/no", ErrorKind.NotFound);

        Assert.Equal($"config {_folder}/no: no such file", refused.Message);
    }

    [Theory]
    [InlineData("0620", "620")]
    [InlineData("0602", "602")]
    [InlineData("0666", "666")]
    public void A_file_that_others_can_write_does_not_count(string octal, string shown)
    {
        string path = Write("{}");
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));

        TareException refused = Refused(path, ErrorKind.PermissionDenied);

        Assert.Equal($"config {path}: others than its owner can write it (mode {shown})", refused.Message);
        Assert.Equal($"chmod go-w {path}", refused.Hint);
    }

    [Theory]
    [InlineData("0600")]
    [InlineData("0444")]
    [InlineData("0755")]
    public void A_file_that_others_can_only_read_counts(string octal)
    {
        string path = Write("{}");
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));

        Assert.Equal(path, ConfigurationFile.Read(path).File);
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void A_file_of_another_user_does_not_count()
    {
        string path = Write("{}");
        using (Fd file = HostPath.Open(path, OpenFlags.ReadOnly))
        {
            file.SetOwner(1234, 0);
        }

        TareException refused = Refused(path, ErrorKind.PermissionDenied);

        Assert.Equal($"config {path}: owned by user 1234, want root", refused.Message);
        Assert.Equal($"chown root:root {path}", refused.Hint);
    }

    [Fact]
    public void A_link_is_followed_and_what_it_leads_to_is_checked()
    {
        string path = Write("{}");
        File.CreateSymbolicLink($"{_folder}/link", path);
        Assert.NotNull(ConfigurationFile.ReadIfPresent($"{_folder}/link"));

        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("0666", 8));

        Refused($"{_folder}/link", ErrorKind.PermissionDenied);
    }

    [Fact]
    public void Folders_and_devices_are_no_files()
    {
        Assert.Equal($"config {_folder}: not a regular file", Refused(_folder, ErrorKind.InvalidArgument).Message);
        Refused("/dev/null", ErrorKind.InvalidArgument);
    }

    [Fact]
    public void A_path_through_a_file_is_an_error_and_not_an_absence()
    {
        string path = Write("{}");

        TareException refused = Assert.Throws<TareException>(() => ConfigurationFile.ReadIfPresent($"{path}/config"));

        Assert.Equal($"config {path}/config: not a directory", refused.Message);
    }

    [Fact]
    public void A_megabyte_is_read_and_one_byte_more_is_not()
    {
        const int Megabyte = 1 << 20;
        Assert.True(ConfigurationFile.Read(Write("""{"init": true}""".PadRight(Megabyte))).Init);

        TareException refused = Refused(Write("{}".PadRight(Megabyte + 1)), ErrorKind.ResourceExhausted);

        Assert.EndsWith(": more than 1048576 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_in_a_file_names_the_file()
    {
        string path = Write("{\n\"init\": 1}");

        Assert.Equal($"config {path}: line 2, column 9: init: want true or false, not a number", Refused(path, ErrorKind.InvalidArgument).Message);
    }

    private string Write(string text)
    {
        string path = $"{_folder}/config";
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("0644", 8));
        return path;
    }

    private static TareException Refused(string path, ErrorKind kind)
    {
        TareException refused = Assert.Throws<TareException>(() => ConfigurationFile.Read(path));
        Assert.Equal(kind, refused.Kind);
        return refused;
    }
}
