// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Devices that were not given.</summary>
public sealed class DeviceWall(Ground ground) : WallTests(ground)
{
    private static readonly (char Type, int Major, int Minor)[] Numbers =
    [
        ('b', 8, 0), ('b', 254, 0), ('b', 253, 0), ('b', 259, 0), ('b', 7, 0), ('b', 9, 0), ('b', 11, 0), ('b', 1, 0),
        ('c', 1, 1), ('c', 1, 2), ('c', 1, 4), ('c', 1, 6), ('c', 1, 11), ('c', 4, 1), ('c', 4, 64), ('c', 10, 1), ('c', 10, 200),
        ('c', 10, 229), ('c', 10, 232), ('c', 10, 236), ('c', 10, 237), ('c', 10, 238), ('c', 21, 0), ('c', 29, 0), ('c', 89, 0),
        ('c', 108, 0), ('c', 189, 0), ('c', 226, 0),
    ];

    // docker gives everybody /dev/net/tun still
    private static readonly (char Type, int Major, int Minor)[] Closed =
        [.. Numbers.Where(n => Subject.Reference is null || (n.Major, n.Minor) != (10, 200))];

    private static readonly string Nodes = string.Join(' ', Closed.Select(n => $"{n.Type}.{n.Major}.{n.Minor}"));

    /// <summary>Makes each in $D when it is not there and may be made, opens it both ways, and says when it is another error than EPERM.</summary>
    private static readonly string Try =
        $"for n in {Nodes}; do f=$D/$n; [ -e $f ] || mknod $f $(echo $n | tr . ' ') 2>/dev/null || continue; " +
        "for how in '<' '>'; do e=$(sh -c \"true $how $f\" 2>&1) && echo opened $n; " +
        "case \"$e\" in *'not permitted'*|*ermission*) ;; *) echo \"$n: $e\";; esac; done; done";

    [Fact]
    public void GHSA_g54h_A_device_that_was_not_given_is_not_opened_wherever_it_is_made()
    {
        string name = Subject.Sleeper("--tmpfs", "/t:dev", "--userns", "host");

        Assert.Equal("", Ground.Shell($"D=/tmp; {Try}", "--userns", "host"));
        Assert.Equal("", Ground.Shell($"D=/dev; {Try}", "--userns", "host"));
        Assert.Equal("", Ground.Shell($"D=/dev; {Try}"));
        Assert.Equal("", Ground.ShellIn(name, $"D=/tmp; {Try}"));
        Assert.Equal("", Ground.ShellIn(name, $"D=/dev/shm; {Try}"));
        Assert.Equal("", Ground.ShellIn(name, $"D=/t; {Try}", "--privileged"));
    }

    [Fact]
    public void GHSA_g54h_A_device_that_an_image_or_a_volume_brings_is_not_opened()
    {
        string volume = Ground.HostFolder();
        var image = new EvilImage().Folder("nodes", 0b111_101_101);
        foreach ((char type, int major, int minor) in Numbers)
        {
            image.Device($"nodes/{type}.{major}.{minor}", type, major, minor);
        }

        string name = image.LoadInto(Subject);
        using Conversation maker = Subject.Program.Start(
            "sh", "-c", $"for n in {Nodes}; do mknod -m 666 {volume}/$n $(echo $n | tr . ' ') || exit 1; done");
        Assert.Equal(0, maker.End().ExitCode);

        Assert.Equal("", Ground.Run(name, "sh", "-c", $"D=/nodes; {Try}").Text);
        Assert.Equal("", Ground.Shell($"D=/v; {Try}", "-v", $"{volume}:/v"));
        Assert.Equal("", Ground.Run("-u", "1000", name, "sh", "-c", $"D=/nodes; {Try}").Text);
    }

    /// <summary>One that was given opens no other, and in no more ways than were given.</summary>
    [Fact]
    public void GHSA_g54h_A_given_device_opens_no_other()
    {
        string[] given = ["--userns", "host", "--device", "/dev/zero:/dev/mine:r"];

        Assert.Equal("", Ground.Shell($"D=/tmp; {Try}", given));
        Assert.Equal("", Ground.Shell($"D=/tmp; {Try}", "--userns", "host", "--cap-add", "SYS_ADMIN", "--cap-add", "SYS_RAWIO", "--cap-add", "DAC_READ_SEARCH"));
    }
}
