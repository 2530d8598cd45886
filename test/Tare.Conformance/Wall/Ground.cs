// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Where attacks happen: the engine with an image of busybox, and a canary outside.</summary>
public sealed class Ground : IDisposable
{
    public Ground()
    {
        Canary = new(Subject.Program.Folder);
    }

    public Subject Subject { get; } = new();

    public Canary Canary { get; }

    /// <summary>A new folder of the host, for everybody: root in a container need not be root of the host.</summary>
    public string HostFolder() => HostFolder(Path.Combine(Subject.Program.Folder, $"h-{Guid.NewGuid().ToString("N")[..8]}"));

    /// <summary>The same by its path.</summary>
    public static string HostFolder(string path)
    {
        string folder = Directory.CreateDirectory(path).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        return folder;
    }

    /// <summary><c>run --rm</c>; nothing that it prints may come from the canary.</summary>
    public Outcome Run(params string[] args) => Unseen(Subject.Run(["run", "--rm", .. args]));

    public Outcome Exec(params string[] args) => Unseen(Subject.Run(["exec", .. args]));

    /// <summary>What a shell script prints in a new container; it has to succeed.</summary>
    public string Shell(string script, params string[] flags) => Said(Run([.. flags, Subject.Image, "sh", "-c", script]));

    /// <summary>The same in a container that runs.</summary>
    public string ShellIn(string container, string script, params string[] flags) =>
        Said(Exec([.. flags, container, "sh", "-c", script]));

    /// <summary>Runs it while 7 is the canary's folder and 8 a file in it, as descriptors that it inherits.</summary>
    public Outcome RunLeaking(params string[] args)
    {
        string script = $"exec 7<'{Canary.Folder}' 8<'{Canary.Folder}/file'; exec \"$0\" \"$@\"";
        using Conversation shell = Subject.Program.Start("sh", ["-c", script, Subject.Program.Program, .. args]);
        shell.Close();
        return Unseen(shell.End());
    }

    /// <summary>Asserts that it was refused with one clear line, before anything of the container's ran.</summary>
    public void AssertRefused(Outcome outcome, string what)
    {
        // docker's exec says on standard output why it did not begin
        bool ran = outcome.Text.Length > 0 && Subject.Reference is null;
        Assert.True(outcome.ExitCode is >= 125 and <= 128 or 1 && !ran, $"{what}: {outcome.ExitCode}: {outcome.Text}{outcome.Error}");
        if (Subject.Reference is null)
        {
            BusyboxStore.AssertClear(outcome);
        }

        Canary.AssertUnseen(outcome);
    }

    public void Dispose()
    {
        try
        {
            Canary.AssertUntouched();
        }
        finally
        {
            Subject.Dispose();
        }
    }

    private Outcome Unseen(Outcome outcome)
    {
        Canary.AssertUnseen(outcome);
        return outcome;
    }

    private static string Said(Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Text}{outcome.Error}");
        return outcome.Text.TrimEnd('\n');
    }
}
