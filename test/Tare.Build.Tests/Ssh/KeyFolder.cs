// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Build.Tests.Ssh;

/// <summary>A folder with keys that ssh-keygen made, and ssh-add over a socket.</summary>
internal sealed class KeyFolder : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tare-keys-").FullName;

    /// <summary>Makes a key; answers the path of its private half.</summary>
    /// <param name="name">of the file</param>
    /// <param name="flags">of ssh-keygen: kind, bits, format</param>
    public string Make(string name, params string[] flags)
    {
        string file = Path.Combine(Folder, name);
        (int code, string said) = Run("ssh-keygen", null, ["-q", "-C", "me@here", "-f", file, .. flags.Contains("-N") ? Array.Empty<string>() : ["-N", ""], .. flags]);
        return code == 0 ? file : throw new InvalidOperationException(said);
    }

    /// <summary>Runs ssh-add; answers its exit code and all that it said.</summary>
    public static (int Code, string Said) Add(string socket, params string[] arguments) => Run("ssh-add", socket, arguments);

    /// <summary>Has a file signed by the agent and the signature checked, by ssh-keygen.</summary>
    public void AssertSigns(string socket, string key)
    {
        string text = Path.Combine(Folder, "text");
        File.WriteAllText(text, "a text");
        File.Delete(text + ".sig");
        (int code, string said) = Run("ssh-keygen", socket, "-Y", "sign", "-n", "test", "-f", key + ".pub", text);
        Assert.True(code == 0, said);
        (code, said) = Run("sh", socket, "-c", $"ssh-keygen -Y check-novalidate -n test -f '{key}.pub' -s '{text}.sig' < '{text}'");
        Assert.True(code == 0, said);
        File.Delete(text + ".sig");
    }

    /// <summary>The public key as ssh sends it.</summary>
    public static byte[] Blob(string file) => Convert.FromBase64String(File.ReadAllText(file + ".pub").Split(' ')[1]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static (int Code, string Said) Run(string program, string? socket, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SSH_AUTH_SOCK"] = socket;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + error.GetAwaiter().GetResult());
    }
}
