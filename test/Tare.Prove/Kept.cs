// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;

namespace Tare.Prove;

/// <summary>A program under a keeper in a run folder of its own; $0 of a script is that folder.</summary>
internal sealed class Kept : IDisposable
{
    public const string LogName = "json.log";

    private readonly Fd _error = MemoryFile.Create("error"u8);

    public Kept(string script)
        : this((order, main) => main with
        {
            Program = KeptRun.Program(["sh", "-c", script, order.CleanUp[^1]], false, false),
        })
    {
    }

    /// <param name="change">of a usual process; the order's last clean-up argument is the run folder</param>
    public Kept(Func<KeeperOrder, ProcessOrder, ProcessOrder> change)
    {
        Path = Directory.CreateTempSubdirectory("tare-prove-").FullName;
        Folder = HostPath.OpenDirectory(Path);
        var main = new ProcessOrder
        {
            Program = KeptRun.Program(["true"], false, false),
            Namespaces = CloneFlags.NewPid | CloneFlags.NewMount,
            AttachStarter = true,
            InputOnce = true,
        };
        var order = new KeeperOrder
        {
            Main = main,
            CleanUp = ["tare-prove", "clean", Path],
            LogName = LogName,
            StarterCleansUp = true,
        };
        Session = KeeperClient.Start(order with { Main = change(order, main) }, Path, Folder, Folder, []);
        Start = Session.WaitStarted();
    }

    public string Path { get; }

    public Fd Folder { get; }

    public KeeperSession Session { get; }

    public KeeperStart Start { get; }

    /// <summary>Everything until the end of the container.</summary>
    public (SessionEnd End, string Output, string Error) Pump()
    {
        using Fd output = MemoryFile.Create("output"u8);
        SessionEnd end = Session.Pump(new SessionStreams { Output = output, Error = _error, ForwardSignals = false });
        return (end, Content(output), Content(_error));
    }

    /// <summary>Until this text comes on standard error.</summary>
    public void WaitForError(string text)
    {
        var seen = new StringBuilder();
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            while (Session.Reader.TryTake(out FrameKind kind, out ReadOnlySpan<byte> payload))
            {
                seen.Append(kind == FrameKind.Stderr ? Encoding.UTF8.GetString(payload) : string.Empty);
            }

            if (!seen.ToString().Contains(text, StringComparison.Ordinal) && !Session.Reader.Fill(Session.Socket))
            {
                throw new InvalidOperationException($"the container ended before it said {text}");
            }
        }
    }

    /// <summary>Until somebody made this file in the run folder, at most ten seconds.</summary>
    public void WaitForFile(string name)
    {
        for (int i = 0; i < 1000 && !File.Exists(System.IO.Path.Combine(Path, name)); i++)
        {
            Thread.Sleep(10);
        }

        Check.That(File.Exists(System.IO.Path.Combine(Path, name)), name);
    }

    public static string Content(Fd file)
    {
        file.Seek(0);
        return Encoding.UTF8.GetString(file.ReadAll(64 << 20));
    }

    public void Dispose()
    {
        Session.Dispose();
        Folder.Dispose();
        _error.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
