// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Prove;

/// <summary>What scenarios share: expectations, small programs, pipes that are read to their end.</summary>
internal static class Check
{
    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"{what}: expected {expected}, got {actual}");
        }
    }

    public static void That(bool holds, string what) => Equal(true, holds, what);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[][] All(params string[] texts) => [.. texts.Select(Bytes)];

    /// <summary>Runs a program to its end with a pipe as given 0, which it may write to.</summary>
    public static (LaunchFailure? Failure, ExitStatus Status, string Output) Launch(
        Action<LaunchProgramBuilder> write, CloneFlags flags = CloneFlags.None)
    {
        var builder = new LaunchProgramBuilder();
        write(builder);
        using var pipe = new Linux.Files.Pipe();
        using Launched launched = Launcher.Start(LaunchProgram.Read(builder.Build()), flags, [pipe.Writer]);
        pipe.Writer.Dispose();
        LaunchFailure? failure = launched.Complete();
        string output = Encoding.UTF8.GetString(pipe.Reader.ReadAll(1 << 20));
        return (failure, failure is null ? launched.Pidfd.Wait() : default, output);
    }

    public static void Shell(LaunchProgramBuilder builder, string script) =>
        builder.Exec(All("/bin/sh"), All("sh", "-c", script), All("PATH=/usr/bin:/bin"));

    /// <summary>Open descriptors of this process.</summary>
    public static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
