// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Bundles;

public sealed class BundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-bundle-").FullName;

    [Fact]
    public void A_bundle_knows_where_its_files_are()
    {
        Write(FullConfig.Text);

        Bundle bundle = Bundle.Open(_folder + "/./");

        Assert.Equal(_folder + "/rootfs", bundle.Rootfs);
        Assert.Equal(_folder + "/data", bundle.PathOf("data"));
        Assert.Equal("/data", bundle.PathOf("/data"));
        Assert.Equal(FullConfig.Text, System.Text.Encoding.UTF8.GetString(bundle.Config.Span));
        Assert.Empty(bundle.Warnings);
    }

    [Fact]
    public void Of_two_spellings_a_bundle_has_one()
    {
        Write(FullConfig.With("mounts[0].type", "\"none\""));

        Spec spec = Bundle.Open(_folder).Spec;

        Assert.Equal("/proc", spec.Mounts![1].Destination);
        Assert.Equal("bind", spec.Mounts[0].Type);
        Assert.Null(spec.Linux!.Namespaces![0].Path);
    }

    [Fact]
    public void What_is_wrong_is_told_with_the_file()
    {
        Write(FullConfig.With("process.cwd", "\"x\""));

        TareException e = Assert.Throws<TareException>(() => Bundle.Open(_folder));

        Assert.Equal($"{_folder}/config.json: process.cwd: want an absolute path, is \"x\"", e.Message);
    }

    [Fact]
    public void A_folder_without_a_config_is_no_bundle() =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<TareException>(() => Bundle.Open(_folder)).Kind);

    [Fact]
    public void A_config_that_is_a_folder_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "config.json"));

        Assert.Equal(ErrorKind.FailedPrecondition, Assert.Throws<TareException>(() => Bundle.Open(_folder)).Kind);
    }

    [Fact]
    public void What_we_write_to_begin_with_is_a_valid_config()
    {
        foreach (Spec spec in (Spec[])[DefaultSpec.Create(), DefaultSpec.CreateRootless(1000, 100)])
        {
            Write(JsonSerializer.Serialize(spec, RuntimeJson.Indented.Spec));

            Assert.Equal("sh", Assert.Single(Bundle.Open(_folder).Spec.Process!.Args!));
        }
    }

    [Fact]
    public void What_is_planned_elsewhere_in_these_tests_is_valid() => Assert.All(PlanCase.Names(), name =>
    {
        string config = File.ReadAllText(Path.Combine(PlanCase.Named(name).Folder, "config.json"));

        Assert.All(FullConfig.Check(config), warning => Assert.Contains("capability", warning, StringComparison.Ordinal));
    });

    [Fact]
    public void A_process_of_its_own_is_checked_too()
    {
        string file = Path.Combine(_folder, "process.json");
        File.WriteAllText(file, "{\"cwd\":\"x\",\"args\":[\"a\"]}");

        TareException e = Assert.Throws<TareException>(() => ProcessDocument.Read(file));

        Assert.Equal($"{file}: cwd: want an absolute path, is \"x\"", e.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string config) => File.WriteAllText(Path.Combine(_folder, "config.json"), config);
}
