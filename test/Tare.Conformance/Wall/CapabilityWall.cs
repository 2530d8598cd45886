// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Capabilities that outlive the user or come with a file.</summary>
public sealed class CapabilityWall(Ground ground) : WallTests(ground)
{
    private const string Show = "sed -n 's/^Cap\\(Inh\\|Prm\\|Eff\\|Amb\\):\\t//p' /proc/self/status | tr '\\n' ' '";
    private const string None = "0000000000000000";
    private const string Root = "00000000a80425fb";
    private const string Raw = "0000000000002000";
    private const string Chown = "0000000000000001";
    private const string Nothing = $"{None} {None} {None} {None} ";
    private const int Runnable = 0b111_101_101;

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

        Assert.Equal($"{None} {effective} {effective} {None} ", Ground.Shell(Show, flags));
        Assert.Equal($"{None} {effective} {effective} {None} ", Ground.ShellIn(name, Show));
        Assert.Equal($"{None} {effective} {effective} {None} ", Ground.ShellIn(name, Show, user));
    }

    [Fact]
    public void CVE_2022_27649_CVE_2022_27650_CVE_2022_27651_CVE_2022_27652_CVE_2025_27612_A_further_process_inherits_nothing()
    {
        string name = Subject.Sleeper();

        Assert.Equal(Nothing, Ground.ShellIn(name, Show, "-u", "1000"));
        Assert.Equal(Nothing, Ground.ShellIn(name, Show, "-u", "1000", "--privileged"));
        string[] all = Ground.ShellIn(name, Show, "--privileged").Trim().Split(' ');
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
            ["run", "--rm", "-u", "1000", Subject.Image, "sh", "-c", Show], ["exec", "-u", "1000", name, "sh", "-c", Show],
        ];

        foreach (string[] command in commands)
        {
            using Conversation ambient = Subject.Program.Start("setpriv", [.. starter, .. command]);
            ambient.Close();
            Assert.Equal(Nothing, ambient.End().Text);
        }
    }

    [Fact]
    public void CVE_2022_24769_CVE_2022_29162_CVE_2022_27652_A_file_with_capabilities_gives_no_more_than_the_container_has()
    {
        string sets = Sets();
        string image = new EvilImage().Program("bin/inheritable", sets, Runnable, AllInheritable)
            .Program("bin/permitted", sets, Runnable, AllPermitted).Program("bin/raw", sets, Runnable, RawNetwork).LoadInto(Subject);
        string name = Subject.Name("files");
        Subject.Ask("run", "-d", "--name", name, image, "sleep", "1000");

        foreach (Func<string, Outcome> start in (Func<string, Outcome>[])
            [program => Ground.Run("-u", "1000", image, program), program => Ground.Exec("-u", "1000", name, program)])
        {
            Assert.Equal(Nothing, start("inheritable").Text);
            Assert.Equal($"{None} {Raw} {Raw} {None} ", start("raw").Text);

            // the kernel does not run what asks for more than there is
            Outcome more = start("permitted");
            Assert.True(more.ExitCode != 0 && more.Text.Length == 0, more.Text);
        }

        Assert.Equal(Nothing, Ground.Run("-u", "1000", "--cap-drop", "ALL", image, "inheritable").Text);
        Assert.Equal("", Ground.Run("-u", "1000", "--cap-drop", "ALL", image, "raw").Text);
        Assert.Equal(Nothing, Ground.Run("-u", "1000", "--security-opt", "no-new-privileges", image, "raw").Text);
    }

    [Fact]
    public void CVE_2021_20188_A_program_of_root_gives_no_more_than_was_left()
    {
        string image = new EvilImage().Program("bin/rooted", Sets(), Runnable | 0b100_000_000_000).LoadInto(Subject);
        string name = Subject.Name("setuid");
        Subject.Ask("run", "-d", "--name", name, "--cap-drop", "ALL", "--cap-add", "CHOWN", image, "sleep", "1000");

        Assert.Equal($"{None} {Root} {Root} {None} ", Ground.Run("-u", "1000", image, "rooted").Text);
        Assert.Equal(Nothing, Ground.Run("-u", "1000", "--cap-drop", "ALL", image, "rooted").Text);
        Assert.Equal(Nothing, Ground.Run("-u", "1000", "--security-opt", "no-new-privileges", image, "rooted").Text);
        Assert.Equal($"{None} {Chown} {Chown} {None} ", Ground.Exec("-u", "1000", name, "rooted").Text);
    }

    private string Sets()
    {
        string tools = Ground.HostFolder();
        Tool.Make("sets", tools);
        return $"{tools}/sets";
    }
}
