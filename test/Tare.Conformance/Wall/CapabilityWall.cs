// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Conformance.Wall;

/// <summary>Capabilities that outlive the user or come with a file.</summary>
public sealed class CapabilityWall(Ground ground) : WallTests(ground)
{
    private const string Sets = "sed -n 's/^Cap\\(Inh\\|Prm\\|Eff\\|Amb\\):\\t//p' /proc/self/status | tr '\\n' ' '";
    private const string None = "0000000000000000";
    private const string Root = "00000000a80425fb";

    // all that there are, permitted or inheritable, and effective: VFS_CAP_REVISION_2
    private const string AllPermitted = "\u0001\0\0\u0002\u00ff\u00ff\u00ff\u00ff\0\0\0\0\u00ff\u0001\0\0\0\0\0\0";
    private const string AllInheritable = "\u0001\0\0\u0002\0\0\0\0\u00ff\u00ff\u00ff\u00ff\0\0\0\0\u00ff\u0001\0\0";
    private const string RawNetwork = "\u0001\0\0\u0002\0\u0020\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

    [Theory]
    [InlineData(Root)]
    [InlineData(Root, "-u", "0:2000")]
    [InlineData(None, "-u", "1000")]
    [InlineData(None, "-u", "user")]
    [InlineData(None, "-u", "4242:0")]
    [InlineData(None, "-u", "1000", "--cap-add", "NET_ADMIN")]
    [InlineData(None, "-u", "1000", "--privileged")]
    public void CVE_2016_8867_CVE_2018_10856_CVE_2022_24769_CVE_2022_29162_Nothing_is_inherited(string effective, params string[] flags)
    {
        string name = Subject.Sleeper(flags);
        string[] user = flags is ["-u", ..] ? flags[..2] : [];

        Assert.Equal($"{None} {effective} {effective} {None} ", Ground.Shell(Sets, flags));
        Assert.Equal($"{None} {effective} {effective} {None} ", Ground.ShellIn(name, Sets));
        Assert.Equal($"{None} {effective} {effective} {None} ", Ground.ShellIn(name, Sets, user));
    }

    [Fact]
    public void CVE_2022_27649_CVE_2022_27650_CVE_2022_27651_CVE_2022_27652_CVE_2025_27612_A_further_process_inherits_nothing()
    {
        string name = Subject.Sleeper();

        Assert.Equal($"{None} {None} {None} {None} ", Ground.ShellIn(name, Sets, "-u", "1000"));
        Assert.Equal($"{None} {None} {None} {None} ", Ground.ShellIn(name, Sets, "-u", "1000", "--privileged"));
        string[] all = Ground.ShellIn(name, Sets, "--privileged").Trim().Split(' ');
        Assert.Equal((None, None), (all[0], all[3]));
    }

    /// <summary>A starter with ambient and inheritable capabilities does not hand them on.</summary>
    [Fact]
    public void CVE_2016_8867_CVE_2021_20188_GHSA_c9cp_What_our_starter_has_is_not_inherited()
    {
        string[] starter = ["--inh-caps=+net_raw,+chown,+sys_admin", "--ambient-caps=+net_raw,+chown,+sys_admin", Subject.Program.Program];
        string name = Subject.Sleeper();
        string[][] commands =
        [
            ["run", "--rm", "-u", "1000", Subject.Image, "sh", "-c", Sets], ["exec", "-u", "1000", name, "sh", "-c", Sets],
        ];

        foreach (string[] command in commands)
        {
            using Conversation ambient = Subject.Program.Start("setpriv", [.. starter, .. command]);
            ambient.Close();
            Assert.Equal($"{None} {None} {None} {None} ", ambient.End().Text);
        }
    }

    [Fact]
    public void CVE_2022_24769_CVE_2022_29162_CVE_2022_27652_A_file_with_capabilities_gives_no_more_than_the_container_has()
    {
        string image = new EvilImage().Capable("bin/inheritable", AllInheritable).Capable("bin/permitted", AllPermitted)
            .Capable("bin/raw", RawNetwork).LoadInto(Subject);
        string name = Subject.Name("files");
        Subject.Ask("run", "-d", "--name", name, image, "sleep", "1000");

        foreach (string program in (string[])["inheritable", "permitted", "raw"])
        {
            string[] command = ["/bin/busybox", "sh", "-c", $"exec -a sh /bin/{program} sh -c \"{Sets}\""];
            foreach (Outcome outcome in (Outcome[])
                [Ground.Run(["-u", "1000", image, .. command]), Ground.Exec(["-u", "1000", name, .. command]), Ground.Run(["-u", "1000", "--cap-drop", "ALL", image, .. command])])
            {
                // the kernel may refuse to run what asks for more than there is
                ulong most = outcome.Text.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(set => ulong.Parse(set, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
                ulong allowed = program == "inheritable" ? 0 : ulong.Parse(Root, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                Assert.True((most & ~allowed) == 0, $"{program}: {outcome.Text}");
            }
        }

        Assert.Equal($"{None} {None} {None} {None} ", Ground.Run("-u", "1000", "--cap-drop", "ALL", image, "sh", "-c", $"exec /bin/busybox sh -c \"{Sets}\"").Text);
    }

    [Fact]
    public void CVE_2021_20188_A_program_of_root_gives_no_more_than_was_left()
    {
        string image = new EvilImage().File("bin/placeholder", "").LoadInto(Subject);
        const string Setuid = "cp /bin/busybox /tmp/sh; chmod 4755 /tmp/sh";
        string name = Subject.Name("setuid");
        Subject.Ask("run", "-d", "--name", name, "--cap-drop", "ALL", "--cap-add", "CHOWN", image, "sh", "-c", $"{Setuid}; echo ready; sleep 1000");
        Subject.AwaitLog(name, "ready");

        Assert.Matches("^0+ 0+1 0+1 0+ $", Ground.ShellIn(name, $"/tmp/sh sh -c \"{Sets}\"", "-u", "0"));
        string[] sets = Ground.ShellIn(name, $"/tmp/sh sh -c \"{Sets}\"", "-u", "1000").Trim().Split(' ');
        Assert.All(sets, set => Assert.True(ulong.Parse(set, NumberStyles.HexNumber, CultureInfo.InvariantCulture) <= 1, set));
    }
}
