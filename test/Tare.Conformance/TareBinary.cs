// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace Tare.Conformance;

/// <summary>The published program with a store of its own: a black box with arguments, standard streams and an exit
/// code.</summary>
public sealed class TareBinary : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public TareBinary()
    {
        // below /var/tmp: overlayfs refuses to stack on itself, and tmpfs has no user.* or trusted.* everywhere
        Folder =
            Directory.CreateDirectory(
                System.IO.Path.Combine("/var/tmp", $"tare-conformance-{Guid.NewGuid():N}")).FullName;
    }

    /// <summary>The binary under test: TARE_BINARY, or what <c>make build</c> left.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("TARE_BINARY") ?? FromRepository();

    /// <summary>A copy of it, by another process: a file that this one had open for writing could be busy still in a child of
    /// another test's, between fork and exec.</summary>
    public static void CopyTo(string path)
    {
        using Process copy = System.Diagnostics.Process.Start("cp", [Path, path]);
        copy.WaitForExit();
    }

    /// <summary>What is run: <see cref="Path"/>, or another program with the same command line.</summary>
    public string Program { get; init; } = Path;

    /// <summary>Of its environment, beside those of the tests themselves.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>A folder that is gone afterwards; the store is in <c>root</c>, the run folder in <c>run</c>.</summary>
    public string Folder { get; }

    public string Root => System.IO.Path.Combine(Folder, "root");

    public string RunFolder => System.IO.Path.Combine(Folder, "run");

    /// <summary>Runs it to its end.</summary>
    public Outcome Run(params string[] args) => Run(args, input: []);

    /// <summary>Runs it to its end with these bytes on standard input.</summary>
    public Outcome Run(string[] args, byte[] input)
    {
        using Process process = Process.Start(Prepare(Program, args))!;
        using var output = new MemoryStream();
        Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Feed(process, input);
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"tare {string.Join(' ', args)}: still running after {Patience}");
        }

        Task.WaitAll([reading, error], TestContext.Current.CancellationToken);
        return new(process.ExitCode, output.ToArray(), error.Result);
    }

    /// <summary>Runs it on a terminal of its own, made by script(1).</summary>
    /// <param name="rows">of the terminal</param>
    /// <param name="columns">of the terminal</param>
    /// <param name="args">of the program</param>
    /// <param name="answerTo">when this text was printed …</param>
    /// <param name="answer">… these keys are typed</param>
    public Outcome RunOnTerminal(int rows, int columns, string[] args, string? answerTo = null, string answer = "")
    {
        string command = string.Join(' ', args.Prepend(Program).Select(Quote));
        ProcessStartInfo start =
            Prepare("script", ["-qefc", $"stty rows {rows} cols {columns}; exec {command}", "/dev/null"]);
        start.Environment["TERM"] = "xterm";
        return Converse(start, answerTo, process => process.StandardInput.Write(answer));
    }

    /// <summary>Runs it and sends it a signal once it printed a text.</summary>
    public Outcome RunAndSignal(string[] args, string after, string signal) => Converse(
        Prepare(Program, args), after, process => Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit());

    /// <summary>Starts it, or a program that starts it, and leaves it running.</summary>
    public Conversation Start(string program, params string[] args) => new(Prepare(program, args), Patience);

    /// <summary>As <see cref="Run(string[])"/>, but a failure is the test's.</summary>
    public string Succeed(params string[] args)
    {
        Outcome outcome = Run(args);
        Assert.True(outcome.ExitCode == 0, $"tare {string.Join(' ', args)}: {outcome.ExitCode}: {outcome.Error}");
        return outcome.Text;
    }

    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            // the cgroups of the store itself, which are empty by now
            Run("system", "check", "--repair", "--quick");
            HostNetwork.Remove(this);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static Outcome Converse(ProcessStartInfo start, string? after, Action<Process> act)
    {
        using Process process = Process.Start(start)!;
        using var watchdog =
            new Timer(_ => process.Kill(entireProcessTree: true), null, Patience, Timeout.InfiniteTimeSpan);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        char[] buffer = new char[4096];
        for (int count; (count = process.StandardOutput.Read(buffer)) > 0;)
        {
            text.Append(buffer, 0, count);
            if (after is not null && text.ToString().Contains(after, StringComparison.Ordinal))
            {
                after = null;
                act(process);
                process.StandardInput.Flush();
            }
        }

        process.WaitForExit();
        return new(process.ExitCode, Encoding.UTF8.GetBytes(text.ToString()), error.GetAwaiter().GetResult());
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private ProcessStartInfo Prepare(string program, string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TARE_ROOT"] = Root;
        start.Environment["TARE_RUN"] = RunFolder;
        foreach ((string name, string value) in Variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended without reading all of it, which is its right
        }
    }

    /// <summary>The folder of the sources.</summary>
    public static string Repository => RepositoryFolder() ?? "/";

    private static string FromRepository() => System.IO.Path.Combine(Repository, "out/tare");

    private static string? RepositoryFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Tare.slnx")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
