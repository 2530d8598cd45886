// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Users and groups: a number is a number, a group that is refused is refused.</summary>
public sealed class IdentityWall(Ground ground) : WallTests(ground)
{
    private const string Ids = "sed -n 's/^[UG]id:\\t//p' /proc/self/status | cut -f 1,2,3,4 | tr '\\t\\n' '  '; id -G | tr ' ' '\\n' | sort -n | tr '\\n' ' '";

    /// <summary>Docker takes some of these for names, and the image below says whose names they are.</summary>
    private static readonly string[] Odd =
    [
        "4294967296", "4294967295", "2147483648", "99999999999", "18446744073709551616", "-1", "-0", "+0", "0x0", "1e3", "00x", "٠", "０",
        "1_0", "1.0", "0 ", " 0", "0\t", "#0", "1000:4294967296", "1000:-1", "1000:1e3", "1000:٠", "1000:0x0", ":4294967296", "0:0:0",
    ];

    /// <remarks>A wrong case by docker's measure: it takes what it cannot read as a number for a name, and so for root.</remarks>
    [Fact]
    public void CVE_2016_3697_CVE_2024_40635_CVE_2026_46680_A_user_that_is_no_number_and_no_name()
    {
        string accounts = string.Concat(Odd.Select(word => $"{word.Split(':')[0]}:x:0:0::/:/bin/sh\n"));
        string groups = string.Concat(Odd.Select(word => $"{word.Split(':')[^1]}:x:0:\n"));
        string image = new EvilImage().File("etc/passwd", accounts).File("etc/group", groups).LoadInto(Subject);
        string name = Subject.Name("odd");
        Subject.Ask("run", "-d", "--name", name, "-u", "1000", image, "sleep", "1000");

        foreach (string user in Odd)
        {
            Ground.AssertRefused(Ground.Run("-u", user, image, "id"), $"-u '{user}'");
            Ground.AssertRefused(Ground.Exec("-u", user, name, "id"), $"exec -u '{user}'");
        }
    }

    /// <remarks>Docker runs four of them as root, as this image's passwd says.</remarks>
    [Theory]
    [InlineData("4294967296")]
    [InlineData("99999999999")]
    [InlineData("-1")]
    [InlineData("0x0")]
    [InlineData("1e3")]
    [InlineData("+0")]
    [InlineData("٠")]
    [InlineData("1000:4294967296")]
    public void CVE_2024_40635_CVE_2026_46680_An_image_whose_user_is_no_number_and_no_name(string user)
    {
        string image = new EvilImage().File("etc/passwd", $"{user.Split(':')[0]}:x:0:0::/:/bin/sh\n")
            .Configured($$"""{"User":"{{user}}"}""").LoadInto(Subject);

        Ground.AssertRefused(Ground.Run(image, "id"), user);
    }

    /// <summary>The image's passwd has a user of the name 1000 who is root.</summary>
    [Fact]
    public void CVE_2016_3697_A_number_is_not_looked_up_as_a_name()
    {
        string image = new EvilImage().Configured("""{"User":"1000"}""").LoadInto(Subject);

        Assert.StartsWith("1000 1000 1000 1000 ", Ground.Shell(Ids, "-u", "1000"), StringComparison.Ordinal);
        Assert.StartsWith("1000 1000 1000 1000 ", Ground.Run(image, "sh", "-c", Ids).Text, StringComparison.Ordinal);
        Assert.StartsWith("1000 1000 1000 1000 ", Ground.ShellIn(Subject.Sleeper(), Ids, "-u", "1000"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "1 1 1 1 0 0 0 0 0 ")]
    [InlineData("1:2", "1 1 1 1 2 2 2 2 2 ")]
    [InlineData("user", "1000 1000 1000 1000 1000 1000 1000 1000 1000 2000 ")]
    [InlineData("user:extra", "1000 1000 1000 1000 2000 2000 2000 2000 2000 ")]
    [InlineData("1000", "1000 1000 1000 1000 1000 1000 1000 1000 1000 2000 ")]
    [InlineData("1000:1000", "1000 1000 1000 1000 1000 1000 1000 1000 1000 ")]
    [InlineData("0:2", "0 0 0 0 2 2 2 2 2 ")]
    [InlineData("65534:65534", "65534 65534 65534 65534 65534 65534 65534 65534 65534 ")]
    public void CVE_2026_30892_The_user_asked_for_is_the_one_that_the_kernel_knows(string user, string ids)
    {
        string name = Subject.Sleeper();

        Assert.Equal(ids, Ground.ShellIn(name, Ids, "-u", user));
        Assert.Equal(ids, Ground.Shell(Ids, "-u", user));
    }

    /// <summary>A folder that its group alone may not enter: who is in the group and does not say so would enter it.</summary>
    [Theory]
    [InlineData(false, "-u", "user")]
    [InlineData(false, "-u", "1000")]
    [InlineData(false, "-u", "1000:2000")]
    [InlineData(false, "-u", "4242:2000")]
    [InlineData(false, "-u", "user:extra")]
    [InlineData(true, "-u", "1000:1000")]
    [InlineData(true, "-u", "4242")]
    public void CVE_2022_2989_CVE_2022_2990_CVE_2022_2995_CVE_2022_36109_CVE_2023_25173_A_folder_closed_to_a_group(
        bool isOpen, params string[] flags)
    {
        string image = new EvilImage().Folder("closed", 0b111_000_101, group: 2000).File("closed/file", "inside\n").LoadInto(Subject);
        string name = Subject.Name("closed");
        Subject.Ask("run", "-d", "--name", name, image, "sleep", "1000");
        string expected = isOpen ? "inside\n" : "";

        Assert.Equal(expected, Ground.Run([.. flags, image, "cat", "/closed/file"]).Text);
        Assert.Equal(expected, Ground.Exec([.. flags, name, "cat", "/closed/file"]).Text);
        Assert.Equal("", Ground.Run([.. flags, "--group-add", "2000", image, "cat", "/closed/file"]).Text);
    }

    /// <summary>The image's user has the groups that the image says, in each kind of process.</summary>
    [Fact]
    public void CVE_2022_2989_CVE_2022_36109_CVE_2023_25173_The_users_of_an_image_have_their_groups()
    {
        string image = new EvilImage().Configured("""{"User":"user"}""").LoadInto(Subject);
        string name = Subject.Name("groups");
        Subject.Ask("run", "-d", "--name", name, "--group-add", "77", image, "sleep", "1000");

        Assert.Equal("1000 2000", Ground.Run(image, "sh", "-c", "id -G").Text.Trim());
        Assert.Equal(["1000", "2000", "77"], Ground.ShellIn(name, "id -G").Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal("0", Ground.Shell("id -G", "-u", "0:0"));
    }

    /// <summary>A variable without a value in an image is not filled from our environment.</summary>
    [Fact]
    public void CVE_2026_57231_A_variable_of_the_image_without_a_value()
    {
        string image = new EvilImage().Configured("""{"Env":["PATH","WALL_SECRET","EMPTY=","A=1"]}""").LoadInto(Subject);
        string name = Subject.Name("variables");
        string[][] commands =
        [
            ["run", "--rm", image, "/bin/env"], ["run", "-d", "--name", name, image, "/bin/sleep", "1000"], ["exec", name, "/bin/env"],
            ["restart", "-t", "0", name], ["exec", name, "/bin/env"],
        ];

        foreach (string[] command in commands)
        {
            using Conversation shell = Subject.Program.Start(
                "sh", ["-c", $"export WALL_SECRET={Canary.Secret} MORE={Canary.Secret}; exec \"$0\" \"$@\"", Subject.Program.Program, .. command]);
            shell.Close();
            Outcome outcome = shell.End();
            Canary.AssertUnseen(outcome);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
        }
    }
}
