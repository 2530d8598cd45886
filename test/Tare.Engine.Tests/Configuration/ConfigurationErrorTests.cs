// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Configuration;
using Tare.Oci;

namespace Tare.Engine.Tests.Configuration;

public sealed class ConfigurationErrorTests
{
    private const string Allowed = "the file is JSON; comments and a comma after the last entry are allowed";

    /// <summary>A file, and the message without its beginning <c>config test: </c>.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        // the message names line, column and key
        { "{\n  \"log-opts\": {\n    \"max-size\": \"20x\"}}", "line 3, column 17: log-opts.max-size: want a size such as 20m" },
        { "/* ä\r\n€ */ {\"init\": 1}", "line 2, column 15: init: want true or false, not a number" },

        // kinds of values
        { "[]", "line 1, column 1: want an object, not a list" },
        { "null", "line 1, column 1: want an object, not null" },
        { "{\"data-root\": 1}", "line 1, column 15: data-root: want a text, not a number" },
        { "{\"data-root\": null}", "line 1, column 15: data-root: want a text, not null" },
        { "{\"log-opts\": \"max-size=1\"}", "line 1, column 14: log-opts: want an object, not a text" },
        { "{\"log-opts\": {\"max-file\": 5}}", "line 1, column 27: log-opts.max-file: want a text, not a number" },
        { "{\"registry-mirrors\": {}}", "line 1, column 22: registry-mirrors: want a list, not an object" },
        { "{\"registry-mirrors\": [true]}", "line 1, column 23: registry-mirrors[0]: want a text, not true" },
        { "{\"mirrors\": {\"a.example\": \"https://b\"}}", "line 1, column 27: mirrors.a.example: want a list, not a text" },
        { "{\"default-shm-size\": []}", "line 1, column 22: default-shm-size: want a size such as \"64m\", not a list" },
        { "{\"default-address-pools\": [[]]}", "line 1, column 28: default-address-pools[0]: want an object, not a list" },
        { "{\"debug\": \"true\"}", "line 1, column 11: debug: want true or false, not a text" },

        // folders
        { "{\"data-root\": \"\"}", "line 1, column 15: data-root: want the absolute path of a folder" },
        { "{\"data-root\": \"srv\"}", "line 1, column 15: data-root: want the absolute path of a folder" },
        { "{\"exec-root\": \"/x/..\"}", "line 1, column 15: exec-root: want the absolute path of a folder" },
        { "{\"exec-root\": \"/x\\u0000y\"}", "line 1, column 15: exec-root: want the absolute path of a folder" },
        { "{\"data-root\": \"/x\", \"exec-root\": \"/x/\"}", "line 1, column 34: exec-root: want another folder than that of data-root" },
        { "{\"exec-root\": \"/x\", \"data-root\": \"/x/\"}", "line 1, column 34: data-root: want another folder than that of exec-root" },

        // logs
        { "{\"log-driver\": \"syslog\"}", "line 1, column 16: log-driver: want \"json-file\" or \"none\"" },
        { "{\"log-opts\": {\"max-size\": \"999\"}}", "line 1, column 27: log-opts.max-size: want a size from 1k to 1TiB, or -1 for no limit" },
        { "{\"log-opts\": {\"max-size\": \"1.1t\"}}", "line 1, column 27: log-opts.max-size: want a size from 1k to 1TiB, or -1 for no limit" },
        { "{\"log-opts\": {\"max-file\": \"0\"}}", "line 1, column 27: log-opts.max-file: want a number of files from 1 to 1000" },
        { "{\"log-opts\": {\"max-file\": \"1001\"}}", "line 1, column 27: log-opts.max-file: want a number of files from 1 to 1000" },
        { "{\"log-opts\": {\"max-file\": \"+5\"}}", "line 1, column 27: log-opts.max-file: want a number of files from 1 to 1000" },

        // limits
        { "{\"default-ulimits\": {\"nofiles\": {}}}", "line 1, column 22: default-ulimits: \"nofiles\" is not a limit, want one such as \"nofile\"" },
        { "{\"default-ulimits\": {\"RLIMIT_NOFILE\": {}}}", "line 1, column 22: default-ulimits: \"RLIMIT_NOFILE\" is not a limit, want one such as \"nofile\"" },
        { "{\"default-ulimits\": {\"core\": {}}}", "line 1, column 31: default-ulimits.core: want \"Soft\" and \"Hard\"" },
        { "{\"default-ulimits\": {\"core\": {\"Name\": \"cpu\"}}}", "line 1, column 39: default-ulimits.core.Name: want \"core\", as the key says" },
        { "{\"default-ulimits\": {\"core\": {\"Soft\": 2, \"Hard\": 1}}}", "line 1, column 51: default-ulimits.core: \"Soft\" 2 is above \"Hard\" 1" },
        { "{\"default-ulimits\": {\"core\": {\"Soft\": -1, \"Hard\": 1}}}", "line 1, column 52: default-ulimits.core: \"Soft\" -1 is above \"Hard\" 1" },
        { "{\"default-ulimits\": {\"core\": {\"Soft\": -2}}}", "line 1, column 39: default-ulimits.core.Soft: want a whole number from -1 to 9223372036854775807" },
        { "{\"default-ulimits\": {\"core\": {\"Soft\": 9223372036854775808}}}", "line 1, column 39: default-ulimits.core.Soft: want a whole number from -1 to 9223372036854775807" },
        { "{\"default-ulimits\": {\"core\": {\"Soft\": 1e3}}}", "line 1, column 39: default-ulimits.core.Soft: want a whole number from -1 to 9223372036854775807" },

        // address pools
        { "{\"default-address-pools\": [{\"base\": \"10.1.2.3/8\"}]}", "line 1, column 37: default-address-pools[0].base: 10.1.2.3/8 has host bits set, the network is 10.0.0.0/8" },
        { "{\"default-address-pools\": [{\"base\": \"fd00::1/64\"}]}", "line 1, column 37: default-address-pools[0].base: fd00::1/64 has host bits set, the network is fd00::/64" },
        { "{\"default-address-pools\": [{\"base\": \"10.0.0.0\"}]}", "line 1, column 37: default-address-pools[0].base: want a network such as 10.0.0.0/8" },
        { "{\"default-address-pools\": [{\"base\": \"10.0.0.0/33\"}]}", "line 1, column 37: default-address-pools[0].base: want a network such as 10.0.0.0/8; the prefix has 0 to 32 bits" },
        { "{\"default-address-pools\": [{\"base\": \"127.0.0.0/8\"}]}", "line 1, column 37: default-address-pools[0].base: 127.0.0.0/8 overlaps 127.0.0.0/8, which is not for networks" },
        { "{\"default-address-pools\": [{\"base\": \"0.0.0.0/0\"}]}", "line 1, column 37: default-address-pools[0].base: 0.0.0.0/0 overlaps 0.0.0.0/8, which is not for networks" },
        { "{\"default-address-pools\": [{\"base\": \"10.0.0.0/8\"}]}", "line 1, column 49: default-address-pools[0]: want \"base\" and \"size\"" },
        { "{\"default-address-pools\": [{\"size\": 24}]}", "line 1, column 39: default-address-pools[0]: want \"base\" and \"size\"" },
        { "{\"default-address-pools\": [{\"base\": \"10.0.0.0/8\", \"size\": 7}]}", "line 1, column 60: default-address-pools[0]: want a \"size\" from 8 to 30 for 10.0.0.0/8" },
        { "{\"default-address-pools\": [{\"base\": \"10.0.0.0/8\", \"size\": 31}]}", "line 1, column 61: default-address-pools[0]: want a \"size\" from 8 to 30 for 10.0.0.0/8" },
        { "{\"default-address-pools\": [{\"base\": \"fd00::/8\", \"size\": 127}]}", "line 1, column 60: default-address-pools[0]: want a \"size\" from 8 to 126 for fd00::/8" },
        { "{\"default-address-pools\": [{\"size\": 129}]}", "line 1, column 37: default-address-pools[0].size: want a whole number from 0 to 128" },
        {
            "{\"default-address-pools\": [{\"base\": \"10.0.0.0/8\", \"size\": 24}, {\"base\": \"10.5.0.0/16\", \"size\": 24}]}",
            "line 1, column 98: default-address-pools[1]: 10.5.0.0/16 overlaps 10.0.0.0/8"
        },

        // registries
        { "{\"registry-mirrors\": [\"mirror.example\"]}", "line 1, column 23: registry-mirrors[0]: want https://host[:port] or http://host[:port]" },
        { "{\"registry-mirrors\": [\"ftp://m\"]}", "line 1, column 23: registry-mirrors[0]: want https://host[:port] or http://host[:port]" },
        { "{\"registry-mirrors\": [\"https://u:p@m\"]}", "line 1, column 23: registry-mirrors[0]: the port of \"u:p@m\" is not 1 to 65535; want https://host[:port] or http://host[:port]" },
        { "{\"registry-mirrors\": [\"https://m/v2\"]}", "line 1, column 23: registry-mirrors[0]: \"m/v2\" is not a registry; want https://host[:port] or http://host[:port]" },
        { "{\"registry-mirrors\": [\"https://\"]}", "line 1, column 23: registry-mirrors[0]: \"\" is not a registry; want https://host[:port] or http://host[:port]" },
        { "{\"registry-mirrors\": [], \"mirrors\": {\"Docker.io\": []}}", "line 1, column 51: mirrors.Docker.io: Docker.io has mirrors already" },
        { "{\"mirrors\": {\"https://a\": []}}", "line 1, column 14: mirrors: the port of \"https://a\" is not 1 to 65535" },
        { "{\"mirrors\": {\"a.example\": [], \"A.example\": []}}", "line 1, column 31: mirrors: \"A.example\" is there twice" },
        { "{\"insecure-registries\": [\"http://a\"]}", "line 1, column 26: insecure-registries[0]: want a host, host:port or network such as 10.1.0.0/16, without a scheme" },
        { "{\"insecure-registries\": [\"a:0\"]}", "line 1, column 26: insecure-registries[0]: the port of \"a:0\" is not 1 to 65535; want a host, host:port or network such as 10.1.0.0/16" },
        { "{\"insecure-registries\": [\"::1\"]}", "line 1, column 26: insecure-registries[0]: \"::1\" is not a registry; want a host, host:port or network such as 10.1.0.0/16" },
        { "{\"insecure-registries\": [\"10.0.0.1/8\"]}", "line 1, column 26: insecure-registries[0]: 10.0.0.1/8 has host bits set, the network is 10.0.0.0/8" },

        { "{\"registry-certificates\": {\"a.example\": {\"ca\": \"ca.pem\"}}}", "line 1, column 48: registry-certificates.a.example.ca: want the absolute path of a file" },
        { "{\"registry-certificates\": {\"a.example\": {\"cert\": \"/c\"}}}", "line 1, column 54: registry-certificates.a.example: \"cert\" and \"key\" go together" },
        { "{\"proxies\": {\"https-proxy\": \"ftp://u:s3cret@p\"}}", "line 1, column 29: proxies.https-proxy: want http://host:port" },

        // the rest
        { "{\"ports-mode\": \"NAT\"}", "line 1, column 16: ports-mode: want \"nat\" or \"firewall\"" },
        { "{\"default-shm-size\": \"0\"}", "line 1, column 22: default-shm-size: want a size from 4k to 1p, such as \"64m\"" },
        { "{\"default-shm-size\": -1}", "line 1, column 22: default-shm-size: want a size from 4k to 1p, such as \"64m\"" },
        { "{\"default-shm-size\": \"2p\"}", "line 1, column 22: default-shm-size: want a size from 4k to 1p, such as \"64m\"" },
        { "{\"cgroup-parent\": \"/a/../..\"}", "line 1, column 19: cgroup-parent: it leads out of the tree of cgroups" },
        { "{\"cgroup-parent\": \"a\\nb\"}", "line 1, column 19: cgroup-parent: want the path of a cgroup such as \"/tenants/a\"" },
        { "{\"cgroup-parent\": 1}", "line 1, column 19: cgroup-parent: want a text, not a number" },
        { "{\"init\": true, \"init\": true}", "line 1, column 16: \"init\" is there twice" },
        { "{\"init\": true, \"\\u0069nit\": true}", "line 1, column 16: \"init\" is there twice" },
        { "{\"log-opts\": {\"max-file\": \"1\", \"max-file\": \"2\"}}", "line 1, column 32: log-opts: \"max-file\" is there twice" },
        { "{\"init\": \"\\ud800\"}", "line 1, column 10: init: want true or false, not a text" },
        { "{\"log-driver\": \"\\ud800\"}", "line 1, column 16: log-driver: half a surrogate pair is not a text" },
        { "{\"\\ud800\": 1}", "line 1, column 2: half a surrogate pair is not a text" },
    };

    /// <summary>As above for files that are not JSON.</summary>
    public static TheoryData<string, string> Malformed => new()
    {
        { "{", "line 1, column 2: the file ends too early" },
        { "{\n  \"init\": tru", "line 2, column 14: the file ends too early" },
        { "{\"init\": true", "line 1, column 14: the file ends too early" },
        { "{ / }", "line 1, column 3: unexpected \"/\"" },
        { "{ /*/ }", "line 1, column 3: a comment without an end" },
        { "{ \"a//", "line 1, column 7: the file ends too early" },
        { "{ /* no end", "line 1, column 3: a comment without an end" },
        { "{\n  \"init\": true\n  \"debug\": true }", "line 3, column 3: unexpected quotation mark" },
        { "{\"init\": yes}", "line 1, column 10: unexpected \"y\"" },
        { "{'init': true}", "line 1, column 2: unexpected \"'\"" },
        { "{\"init\": true}}", "line 1, column 15: unexpected \"}\"" },
        { "{\"init\": true} {}", "line 1, column 16: unexpected \"{\"" },
        { "{\"init\": true} x", "line 1, column 16: unexpected \"x\"" },
        { "{,}", "line 1, column 2: unexpected \",\"" },
        { "\0", "line 1, column 1: unexpected \"\\u0000\"" },
        { "{\"init\"\0: true}", "line 1, column 8: unexpected \"\\u0000\"" },
        { "{\"log-driver\": \"none\0\"}", "line 1, column 21: unexpected \"\\u0000\"" },
        { "é", "line 1, column 1: unexpected \"é\"" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named_with_its_place(string text, string message)
    {
        TareException refused = Refused(Encoding.UTF8.GetBytes(text));

        Assert.Equal($"config test: {message}", refused.Message);
        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_not_json_is_named_with_its_place(string text, string message)
    {
        TareException refused = Refused(Encoding.UTF8.GetBytes(text));

        Assert.Equal($"config test: {message}", refused.Message);
        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
    }

    [Theory]
    [InlineData("{\"log-optz\": {}}", "unknown key \"log-optz\"", "did you mean \"log-opts\"?")]
    [InlineData("{\"Init\": true}", "unknown key \"Init\"", "did you mean \"init\"?")]
    [InlineData("{\"log-opts\": {\"max-sise\": 1}}", "log-opts: unknown key \"max-sise\"", "did you mean \"max-size\"?")]
    [InlineData("{\"log-opts\": {\"tag\": 1}}", "log-opts: unknown key \"tag\"", "the keys are max-size, max-file, compress")]
    [InlineData("{\"a\\u001b[2J\": 1}", "unknown key \"a\\u001b[2J\"", null)]
    [InlineData("{\"storage-driver\": \"btrfs\"}", "unknown key \"storage-driver\"", null)]
    public void An_unknown_key_leads_to_the_nearest_known_one(string text, string message, string? hint)
    {
        TareException refused = Refused(Encoding.UTF8.GetBytes(text));

        Assert.EndsWith($": {message}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(hint ?? $"the keys are {string.Join(", ", ConfigurationReader.Keys.Select(key => key.Name))}", refused.Hint);
    }

    [Fact]
    public void A_file_that_is_not_json_is_told_what_is()
        => Assert.Equal(Allowed, Refused("{'init': true}"u8.ToArray()).Hint);

    [Theory]
    [InlineData("7B 22 69 6E 69 74 22 3A FF", 9)]
    [InlineData("C3 A4 0A C3", 1)]
    [InlineData("7B 22 C0 80 22 3A 31 7D", 3)]
    [InlineData("7B 22 ED A0 80 22 3A 31 7D", 3)]
    public void Bytes_that_are_not_utf8_are_refused_at_their_place(string hex, int column)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.EndsWith($", column {column}: not a text in UTF-8", Refused(bytes).Message, StringComparison.Ordinal);
    }

    internal static TareException Refused(byte[] bytes) =>
        Assert.Throws<TareException>(() => ConfigurationReader.Read(bytes, "test"));
}
