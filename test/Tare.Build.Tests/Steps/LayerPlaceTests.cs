// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Steps;
using Tare.Images.Layers;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Tests.Steps;

/// <summary>Layers as folders; the first is the top.</summary>
public sealed class LayerPlaceTests : IDisposable
{
    private readonly TempTree _top = new TempTree().With("only/top", "t").With("both/a", "t").With("file", "t").With("over/x", "t").Linked("link", "only");
    private readonly TempTree _bottom = new TempTree().With("deep/only/bottom", "b").With("both/b", "b").With("file", "b").With("over", "b");

    public void Dispose()
    {
        _top.Dispose();
        _bottom.Dispose();
    }

    [Theory]
    [InlineData("/only", true)]
    [InlineData("/only/top", true)]
    [InlineData("/both/a", true)]
    [InlineData("/file", true)]
    [InlineData("/over", true)]
    [InlineData("/deep/only", false)]
    [InlineData("/deep/only/bottom", false)]
    [InlineData("/both/b", false)]
    public void What_one_layer_has_alone_is_found_there(string path, bool isTop) =>
        Assert.Equal((isTop ? _top : _bottom).Path(path.TrimStart('/')), Find(path));

    [Theory]
    [InlineData("/")]
    [InlineData("/both")]
    [InlineData("/link")]
    [InlineData("/link/top")]
    [InlineData("/file/below")]
    [InlineData("/nothing")]
    [InlineData("/only/../both/a")]
    public void What_is_merged_led_to_or_not_there_is_not(string path) => Assert.Null(Find(path));

    [Fact]
    public void One_layer_alone_is_found_whole()
    {
        using Fd layer = HostPath.OpenDirectory(_top.Folder);
        using Fd? found = LayerPlace.TryFind([layer], "/");

        Assert.Equal(_top.Folder, Encoding.UTF8.GetString(found!.HostPathNow()));
    }

    [Fact]
    [Trait("ring", "kernel")]
    public void An_opaque_folder_is_not_merged_and_hides_what_is_below()
    {
        using (Fd both = HostPath.OpenDirectory(_top.Path("both")))
        {
            Whiteout.MakeOpaque(both);
        }

        Assert.Equal(_top.Path("both"), Find("/both"));
        Assert.Null(Find("/both/b"));
    }

    private string? Find(string path)
    {
        using Fd top = HostPath.OpenDirectory(_top.Folder), bottom = HostPath.OpenDirectory(_bottom.Folder);
        using Fd? found = LayerPlace.TryFind([top, bottom], path);
        return found is null ? null : Encoding.UTF8.GetString(found.HostPathNow());
    }
}
