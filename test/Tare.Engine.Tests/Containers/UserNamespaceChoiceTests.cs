// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Tests.Containers;

public sealed class UserNamespaceChoiceTests
{
    [Theory]
    [InlineData(null, "", "", "", null, true, null, false)]
    [InlineData("", "", "", "", null, true, null, false)]
    [InlineData("private", "", "", "", null, true, null, false)]
    [InlineData("host", "", "", "", null, false, null, false)]
    [InlineData("host", "privileged", "", "", "70000", false, null, false)]
    [InlineData(null, "privileged", "", "", null, false, "it is privileged", false)]
    [InlineData(null, "host", "", "", null, false, "it shares the host's network", false)]
    [InlineData(null, "privileged", "65536", "", null, false, "it is privileged", false)]
    [InlineData(null, "", "65535:65535", "65535", null, true, null, false)]
    [InlineData(null, "", "65536", "", null, false, "user or group 65536 is not among its 65536 ids", true)]
    [InlineData(null, "", "1:70000", "", null, false, "user or group 70000 is not among its 65536 ids", true)]
    [InlineData(null, "", "", "100000", null, false, "user or group 100000 is not among its 65536 ids", true)]
    [InlineData(null, "", "", "", "2147483647", false, "user or group 2147483647 is not among its 65536 ids", true)]
    [InlineData(null, "", "1000", "", "70000", true, null, false)]
    [InlineData(null, "", "2147483648", "", null, true, null, false)]
    [InlineData(null, "", "www-data:70000x", "", null, true, null, false)]
    public void The_table_of_rules(
        string? asked, string rights, string user, string group, string? imageUser, bool isPrivate, string? reason, bool isFallback) =>
        Assert.Equal(
            new UserNamespaceChoice(isPrivate, reason, isFallback),
            UserNamespaceChoice.Of(Request(asked, rights, user, group), imageUser));

    [Theory]
    [InlineData("private", "privileged", "", "it is privileged")]
    [InlineData("private", "host", "", "it shares the host's network")]
    [InlineData("private", "", "70000", "user or group 70000")]
    [InlineData("keep-id", "", "", "invalid USER mode")]
    [InlineData("Host", "", "", "invalid USER mode")]
    public void What_contradicts_itself_is_refused(string asked, string rights, string user, string reason)
    {
        TareException refused =
            Assert.Throws<TareException>(() => UserNamespaceChoice.Of(Request(asked, rights, user, ""), null));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }

    private static RunRequest Request(string? asked, string rights, string user, string group) => new()
    {
        Image = "busybox",
        UserNamespace = asked,
        Privileged = rights == "privileged",
        Network = rights == "host" ? "host" : null,
        User = user.Length > 0 ? user : null,
        Groups = group.Length > 0 ? [group] : [],
    };
}
