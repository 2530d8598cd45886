// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net.Sockets;
using Tare.Build.Ssh;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Tests.Ssh;

/// <summary>Our agent as OpenSSH's own programs meet it.</summary>
public sealed class AgentSocketTests : IDisposable
{
    private readonly KeyFolder _keys = new();
    private readonly Fd _folder;

    public AgentSocketTests() => _folder = HostPath.OpenDirectory(_keys.Folder);

    public void Dispose()
    {
        _folder.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public void Keys_are_told_and_sign_and_that_is_all()
    {
        string ed25519 = _keys.Make("a", "-t", "ed25519"), rsa = _keys.Make("b", "-t", "rsa", "-b", "2048"), ec = _keys.Make("c", "-t", "ecdsa", "-b", "521");
        string other = _keys.Make("other", "-t", "ed25519");
        (string id, LentAgent agent) = LentAgent.Parse($"mine={ed25519},{rsa},{ec}", null);
        using (agent)
        {
            using AgentSocket socket = AgentSocket.Listen(agent, _folder);

            Assert.Equal("mine", id);
            string listed = KeyFolder.Add(socket.Path, "-L").Said;
            Assert.All(new[] { ed25519, rsa, ec }, file => Assert.Contains(Convert.ToBase64String(KeyFolder.Blob(file)), listed, StringComparison.Ordinal));
            Assert.DoesNotContain("me@here", listed, StringComparison.Ordinal);
            Assert.All(new[] { ed25519, rsa, ec }, file => _keys.AssertSigns(socket.Path, file));
            AssertReadOnly(socket.Path, other, ed25519);
            Assert.Equal(listed, KeyFolder.Add(socket.ShortPath, "-L").Said);
        }

        Assert.Empty(Directory.GetFiles(_keys.Folder, "*tmp*"));
    }

    [Fact]
    public void A_real_agent_is_asked_for_no_more_than_that()
    {
        string key = _keys.Make("a", "-t", "ed25519"), other = _keys.Make("other", "-t", "ed25519");
        string real = Path.Combine(_keys.Folder, "real");
        using Process daemon = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", real]) { RedirectStandardOutput = true })!;
        try
        {
            daemon.StandardOutput.ReadLine();
            Assert.Equal(0, KeyFolder.Add(real, key).Code);
            using LentAgent agent = LentAgent.Parse("default", real).Agent;
            using AgentSocket socket = AgentSocket.Listen(agent, _folder);

            Assert.Contains(Convert.ToBase64String(KeyFolder.Blob(key)), KeyFolder.Add(socket.Path, "-L").Said, StringComparison.Ordinal);
            _keys.AssertSigns(socket.Path, key);
            AssertReadOnly(socket.Path, other, key);
            Assert.Contains("me@here", KeyFolder.Add(real, "-l").Said, StringComparison.Ordinal);
        }
        finally
        {
            daemon.Kill();
            daemon.WaitForExit();
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 4, 0, 1 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 11 })]
    public void A_message_of_no_proper_length_ends_the_connection(byte[] bytes)
    {
        using LentAgent agent = LentAgent.Parse("k=" + _keys.Make("a", "-t", "ed25519"), null).Agent;
        using AgentSocket socket = AgentSocket.Listen(agent, _folder);
        using Socket client = Connect(socket);

        client.Send(bytes);

        AssertEnds(client);
        Assert.Equal(0, KeyFolder.Add(socket.Path, "-l").Code);
    }

    [Fact]
    public void It_ends_with_clients_that_say_nothing()
    {
        using LentAgent agent = LentAgent.Parse("k=" + _keys.Make("a", "-t", "ed25519"), null).Agent;
        var clients = new List<Socket>();
        using (AgentSocket socket = AgentSocket.Listen(agent, _folder))
        {
            // more than are served at once, fewer than may wait
            for (int i = 0; i < 70; i++)
            {
                clients.Add(Connect(socket));
            }
        }

        Assert.All(clients, AssertEnds);
        clients.ForEach(static client => client.Dispose());
    }

    [Fact]
    public void What_is_no_agent_and_no_key_is_named()
    {
        string key = _keys.Make("a", "-t", "ed25519");
        string socket = Path.Combine(_keys.Folder, "socket");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));

        Assert.Contains("SSH_AUTH_SOCK is not set", Refused("default", null), StringComparison.Ordinal);
        Assert.Contains("SSH_AUTH_SOCK is not set", Refused("default=", ""), StringComparison.Ordinal);
        Assert.Contains("no such file", Refused($"x={_keys.Folder}/none", null), StringComparison.Ordinal);
        Assert.Contains("no such file", Refused($"x={_keys.Folder}", null), StringComparison.Ordinal);
        Assert.Contains("no such file", Refused($"x={key},", null), StringComparison.Ordinal);
        Assert.Contains("an agent's socket beside others", Refused($"x={key},{socket}", null), StringComparison.Ordinal);
        Assert.Contains("it holds no private key", Refused("x=/etc/passwd", null), StringComparison.Ordinal);
        Assert.Equal(("default", socket), (LentAgent.Parse("=" + socket, null).Id, LentAgent.Parse("=" + socket, null).Agent.Socket));
    }

    private static string Refused(string text, string? userAgent) => Assert.Throws<TareException>(() => LentAgent.Parse(text, userAgent)).Message;

    private static void AssertReadOnly(string socket, string other, string own)
    {
        Assert.NotEqual(0, KeyFolder.Add(socket, other).Code);
        Assert.NotEqual(0, KeyFolder.Add(socket, "-D").Code);
        Assert.NotEqual(0, KeyFolder.Add(socket, "-d", own).Code);
        Assert.DoesNotContain(Convert.ToBase64String(KeyFolder.Blob(other)), KeyFolder.Add(socket, "-L").Said, StringComparison.Ordinal);
        Assert.Equal(0, KeyFolder.Add(socket, "-l").Code);
    }

    /// <summary>Whether all that was sent had been read by then or not.</summary>
    private static void AssertEnds(Socket client)
    {
        try
        {
            Assert.Equal(0, client.Receive(new byte[16]));
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    private static Socket Connect(AgentSocket to)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(to.Path));
        return client;
    }
}
