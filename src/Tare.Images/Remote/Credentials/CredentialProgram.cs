// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Images.Remote.Credentials;

/// <summary>A program <c>docker-credential-NAME</c> that keeps secrets: get, store, erase.</summary>
/// <remarks>docker/docker-credential-helpers README "Development": the action is the argument, input and answer are JSON or
/// a bare key. The program is the user's own, its answer is bounded nevertheless.</remarks>
/// <param name="name">letters, digits, '-', '_', '.'</param>
/// <param name="environment">NAME=value each; PATH says where the program is</param>
/// <param name="patience">how long it may take: it may ask the user</param>
internal sealed class CredentialProgram(string name, IReadOnlyList<string> environment, TimeSpan patience)
{
    private const int MaxAnswer = 1 << 20;
    private const int SigKill = 9;
    private const string TokenUser = "<token>";
    private const string NothingThere = "credentials not found in native keychain";
    private const uint Executable = 0b001_001_001;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string _program = $"docker-credential-{name}";

    /// <summary>Null when it has nothing under this key.</summary>
    /// <exception cref="TareException">NotFound: no such program; FailedPrecondition: what it says; Corrupt; Unavailable</exception>
    public Credential? Get(string key)
    {
        (int code, string text) = Run("get", key);
        if (code != 0)
        {
            return text.Contains(NothingThere, StringComparison.Ordinal) ? null : throw Failed("get", text);
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            string user = document.RootElement.GetProperty("Username").GetString() ?? "";
            string secret = document.RootElement.GetProperty("Secret").GetString() ?? "";
            return user.Length + secret.Length == 0 ? null
                : user == TokenUser ? new Credential("", secret, IsIdentityToken: true)
                : new Credential(user, secret);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new TareException(ErrorKind.Corrupt, $"credential helper {_program}: its answer is not what docker's helpers say", inner: e);
        }
    }

    /// <exception cref="TareException">as above</exception>
    public void Store(string key, Credential credential)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("ServerURL", key);
            writer.WriteString("Username", credential.IsIdentityToken ? TokenUser : credential.User);
            writer.WriteString("Secret", credential.Secret);
            writer.WriteEndObject();
        }
        (int code, string text) = Run("store", Encoding.UTF8.GetString(buffer.WrittenSpan));
        if (code != 0)
        {
            throw Failed("store", text);
        }
    }

    /// <summary>False when there was nothing.</summary>
    /// <exception cref="TareException">as above</exception>
    public bool Erase(string key)
    {
        (int code, string text) = Run("erase", key);
        return code == 0 || (text.Contains(NothingThere, StringComparison.Ordinal) ? false : throw Failed("erase", text));
    }

    private (int Code, string Text) Run(string action, string input)
    {
        using Fd program = Find() ?? throw new TareException(
            ErrorKind.NotFound, $"credential helper {_program}: not found in PATH", "credsStore and credHelpers of docker's config.json name it");
        using var to = new Pipe();
        using var from = new Pipe();
        using Fd error = OwnProcess.TryDuplicateStandard(2) ?? HostPath.Open("/dev/null", OpenFlags.WriteOnly);
        using Spawned helper = Spawn.Start(new SpawnOptions
        {
            Executable = program,
            Arguments = [_program, action],
            Environment = environment,
            Descriptors = [to.Reader, from.Writer, error],
        });
        to.Reader.Dispose();
        from.Writer.Dispose();
        try
        {
            Tell(to.Writer, input);
            byte[] answer = Hear(from.Reader, helper);
            return (helper.Pidfd.Wait().ShellCode, Encoding.UTF8.GetString(answer).Trim());
        }
        catch
        {
            helper.Pidfd.TrySend(SigKill);
            helper.Pidfd.Wait();
            throw;
        }
    }

    /// <summary>One write: what is said fits into a pipe.</summary>
    private static void Tell(Fd to, string input)
    {
        try
        {
            to.Write(Encoding.UTF8.GetBytes(input));
        }
        catch (LinuxException e) when (e.Errno == Errno.EPIPE)
        {
            // it does not want to know; its answer says why
        }
        to.Dispose();
    }

    /// <summary>Until the program ends, not until the pipe does: what it leaves running in the background may hold that open.</summary>
    private byte[] Hear(Fd from, Spawned helper)
    {
        var heard = new ArrayBufferWriter<byte>();
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
            Span<PollEntry> entries = [new(from, EpollEvents.Readable), new(helper.Pidfd.Fd, EpollEvents.Readable)];
            if (left <= TimeSpan.Zero || !Poll.Wait(entries, left))
            {
                throw new TareException(ErrorKind.Unavailable, $"credential helper {_program}: no answer in {patience.TotalSeconds:0.#} s");
            }
            int n = entries[0].Ready == EpollEvents.None ? 0 : from.Read(heard.GetSpan(4096));
            heard.Advance(n);
            if (heard.WrittenCount > MaxAnswer)
            {
                throw new TareException(ErrorKind.ResourceExhausted, $"credential helper {_program}: says more than {MaxAnswer} bytes");
            }
            if (n == 0 && (entries[0].Ready != EpollEvents.None || entries[1].Ready != EpollEvents.None))
            {
                return AwaitEnd(helper, left) ? heard.WrittenSpan.ToArray() : throw new TareException(
                    ErrorKind.Unavailable, $"credential helper {_program}: does not end");
            }
        }
    }

    private static bool AwaitEnd(Spawned helper, TimeSpan left) => Poll.Wait([new(helper.Pidfd.Fd, EpollEvents.Readable)], left);

    private Fd? Find()
    {
        const string Path = "PATH=";
        string path = environment.LastOrDefault(static e => e.StartsWith(Path, StringComparison.Ordinal))?[Path.Length..] ?? "";
        foreach (string folder in path.Split(':').Where(static f => f.StartsWith('/')))
        {
            Fd? file = TryOpen($"{folder}/{_program}");
            if (file?.Status() is { IsRegular: true } status && (status.Mode & Executable) != 0)
            {
                return file;
            }
            file?.Dispose();
        }
        return null;
    }

    private static Fd? TryOpen(string path)
    {
        try
        {
            return HostPath.TryOpen(path, OpenFlags.Path);
        }
        catch (LinuxException)
        {
            // a folder in PATH that is none, or that is not for us
            return null;
        }
    }

    private TareException Failed(string action, string text) => new(
        ErrorKind.FailedPrecondition,
        $"credential helper {_program}: {action}: {(text.Length == 0 ? "failed" : Quoted.Text(text.Split('\n')[0]))}");
}
