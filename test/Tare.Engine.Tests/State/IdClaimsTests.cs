// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Runtime.Specs;

namespace Tare.Engine.Tests.State;

[Trait("ring", "kernel")]
public sealed class IdClaimsTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();

    public void Dispose()
    {
        foreach ((_, string container) in IdClaims.Of(Folders).ToList())
        {
            Folders.RemoveLive(container);
        }

        _temporary.Dispose();
    }

    private EngineFolders Folders => _temporary.Engine.Folders;

    [Fact]
    public void Ranges_are_claimed_by_one_each_and_go_with_the_run_folder()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(static i => $"c{i}")];
        uint[] first = [.. names.AsParallel().Select(name => Take(name).First)];

        Assert.Equal(50, first.Distinct().Count());
        Assert.All(first, static id => Assert.True(id is >= 0x7000_0000 and < 0x7ffe_0000 && id % UserRange.Size == 0));
        Assert.Equal(names.Order(), IdClaims.Of(Folders).Select(static claim => claim.Container).Order());

        foreach (string name in names)
        {
            Folders.RemoveLive(name);
        }

        Assert.Empty(IdClaims.Of(Folders));
    }

    [Fact]
    public void A_claim_lasts_while_its_run_folder_is_there()
    {
        Take("a");
        (string range, _) = Assert.Single(IdClaims.Of(Folders));

        IdClaims.RemoveStale(range);
        Assert.Single(IdClaims.Of(Folders));

        // somebody removes the folder without a word
        FileTree.Remove(Folders.Live, "a"u8);
        Assert.Single(IdClaims.Of(Folders));
        IdClaims.RemoveStale(range);
        Assert.Empty(IdClaims.Of(Folders));
    }

    [Fact]
    public void What_another_run_has_claimed_since_is_not_given_back()
    {
        Take("a");
        (string range, _) = Assert.Single(IdClaims.Of(Folders));
        using Fd claims = HostPath.OpenDirectory(IdClaims.HostFolder);
        claims.Unlink(TemporaryEngine.Text(range));
        using Fd other = Folders.MakeLive("b");
        claims.MakeSymlink(TemporaryEngine.Text(range), TemporaryEngine.Text(Folders.LivePath("b")));

        Folders.RemoveLive("a");

        Assert.Equal((range, "b"), Assert.Single(IdClaims.Of(Folders)));
        other.MakeSymlink("ids"u8, TemporaryEngine.Text(range));
        Folders.RemoveLive("b");
        Assert.Empty(IdClaims.Of(Folders));
    }

    private UserRange Take(string name)
    {
        using Fd live = Folders.MakeLive(name);
        return IdClaims.Take(Folders, name, live);
    }
}
