// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class AccountsTests
{
    private const string Passwd = """
        # comment:x:7:7::/:
        root:x:0:0:root:/root:/bin/sh
        +nis:x:8:8::/:
        app:x:1000:1001:App:/home/app:/bin/sh
        twin:x:1000:5:Second:/twin:/bin/sh
        nohome:x:2000:2000
        relative:x:2001:2001::home:
        badid:x:-1:0::/:
        hugeid:x:4294967296:0::/:
        noid:x::0::/:
        1000:x:0:0:trap:/root:/bin/sh
        1e3:x:0:0:trap:/root:/bin/sh
        üser:x:3000:3000::/ü:

        last:x:9:9::/last:/x
        """;

    private const string Group = """
        root:x:0:
        wheel:x:10:root,app
        app:x:1001:
        audio:x:63:app
        video:x:64:apps,xapp
        bad:x:-5:app
        1001:x:0:
        staff:x:50:
        crlf:x:51:app
        """;

    private readonly Accounts _accounts = Of(Passwd, Group.Replace("crlf:x:51:app", "crlf:x:51:app\r", StringComparison.Ordinal));

    [Theory]
    [InlineData("", 0, 0, "0,10", "/root")]
    [InlineData("root", 0, 0, "0,10", "/root")]
    [InlineData("0", 0, 0, "0,10", "/root")]
    [InlineData("app", 1000, 1001, "1001,10,63,51", "/home/app")]
    [InlineData("1000", 1000, 1001, "1001,10,63,51", "/home/app")]
    [InlineData("app:staff", 1000, 50, "50", "/home/app")]
    [InlineData("app:0", 1000, 0, "0", "/home/app")]
    [InlineData("app:", 1000, 1001, "1001,10,63,51", "/home/app")]
    [InlineData(":staff", 0, 50, "50", "/root")]
    [InlineData("0:1001", 0, 1001, "1001", "/root")]
    [InlineData("4711", 4711, 0, "0", "/")]
    [InlineData("4711:4712", 4711, 4712, "4712", "/")]
    [InlineData("007", 7, 0, "0", "/")]
    [InlineData("2147483647", 2147483647, 0, "0", "/")]
    [InlineData("nohome", 2000, 2000, "2000", "/")]
    [InlineData("relative", 2001, 2001, "2001", "/")]
    [InlineData("üser", 3000, 3000, "3000", "/ü")]
    [InlineData("last", 9, 9, "9", "/last")]
    public void Names_and_numbers_are_resolved_as_docker_does(string user, uint uid, uint gid, string groups, string home)
    {
        Account account = _accounts.Find(user, []);

        Assert.Equal((uid, gid, groups, home), (account.Uid, account.Gid, string.Join(',', account.Groups), account.Home));
    }

    [Theory]
    [InlineData("2147483648")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("99999999999999999999999999")]
    [InlineData("-1")]
    [InlineData("+0")]
    [InlineData("0x0")]
    [InlineData("1e3")]
    [InlineData("1_000")]
    [InlineData("1 ")]
    [InlineData(" 0")]
    [InlineData("٠")]
    [InlineData("０")]
    [InlineData("1٠")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("#")]
    [InlineData("app:-1")]
    [InlineData("app:4294967296")]
    [InlineData("app:0:0")]
    [InlineData("app:a,b")]
    public void What_looks_like_a_number_and_is_none_is_refused(string user) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => _accounts.Find(user, [])).Kind);

    [Theory]
    [InlineData("nobody")]
    [InlineData("ap")]
    [InlineData("apps")]
    [InlineData("comment")]
    [InlineData("nis")]
    [InlineData("app:nogroup")]
    public void An_unknown_name_is_not_found(string user) =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<TareException>(() => _accounts.Find(user, [])).Kind);

    [Theory]
    [InlineData("badid")]
    [InlineData("hugeid")]
    [InlineData("noid")]
    [InlineData("app:bad")]
    public void An_entry_without_valid_ids_never_becomes_root(string user) =>
        Assert.Equal(ErrorKind.Corrupt, Assert.Throws<TareException>(() => _accounts.Find(user, [])).Kind);

    [Fact]
    public void Further_groups_are_names_or_numbers()
    {
        Assert.Equal([1001u, 10, 63, 51, 50, 4711], _accounts.Find("app", ["staff", "4711", "63"]).Groups);
        Assert.Equal([0u, 50], _accounts.Find("7", ["50"]).Groups);
        Assert.Throws<TareException>(() => _accounts.Find("app", ["nope"]));
        Assert.Throws<TareException>(() => _accounts.Find("app", ["-1"]));
        Assert.Throws<TareException>(() => _accounts.Find("app", [""]));
    }

    [Fact]
    public void Without_files_only_numbers_are_known()
    {
        Assert.Equal("/", Accounts.None.Find("", []).Home);
        Assert.Equal(5u, Accounts.None.Find("5:6", []).Uid);
        Assert.Throws<TareException>(() => Accounts.None.Find("root", []));
    }

    [Fact]
    public void Large_files_and_lines_are_refused()
    {
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<TareException>(() => Of(new string('\n', AccountFile.MaxBytes + 1), "")).Kind);
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<TareException>(() => Of("", new string('x', AccountFile.MaxLineBytes + 1))).Kind);
        Assert.Equal(0u, Of(new string('\n', AccountFile.MaxBytes), new string(':', AccountFile.MaxLineBytes)).Find("0", []).Uid);
    }

    [Fact]
    public void Any_bytes_at_all_are_somebody_or_an_error()
    {
        Random random = new(1);
        byte[] bytes = new byte[200];
        for (int i = 0; i < 2000; i++)
        {
            for (int k = 0; k < bytes.Length; k++)
            {
                bytes[k] = (byte)":::\n\n,0a\xff\0"[random.Next(10)];
            }
            foreach (string user in (string[])["", "a", "0", "a:a", "aa:0"])
            {
                try
                {
                    _ = new Accounts(bytes, bytes).Find(user, ["a"]);
                }
                catch (TareException)
                {
                }
            }
        }
    }

    private static Accounts Of(string passwd, string group) => new(Encoding.UTF8.GetBytes(passwd), Encoding.UTF8.GetBytes(group));
}
