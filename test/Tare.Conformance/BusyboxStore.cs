// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>A store with the image <c>busybox</c>; at the end it looks whether its containers left anything.</summary>
public sealed class BusyboxStore : IDisposable
{
    public BusyboxStore()
    {
        Outcome imported = Tare.Run(["import", "-", "busybox"], BusyboxTar.Bytes);
        Assert.True(imported.ExitCode == 0, imported.Error);
    }

    public TareBinary Tare { get; } = new();

    /// <summary>A folder of the host for the test that asks.</summary>
    public string HostFolder() => Directory.CreateDirectory(Path.Combine(Tare.Folder, $"host-{Guid.NewGuid():N}")).FullName;

    /// <summary><c>tare run --rm</c>.</summary>
    public Outcome Run(params string[] args) => Tare.Run(["run", "--rm", .. args]);

    /// <summary>What a shell script in a container prints; it has to succeed.</summary>
    public string Shell(string script, params string[] flags)
    {
        Outcome outcome = Run([.. flags, "busybox", "sh", "-ec", script]);
        Assert.True(outcome.ExitCode == 0, $"{script}: {outcome.ExitCode}: {outcome.Text}{outcome.Error}");
        return outcome.Text;
    }

    /// <summary>Asserts that the container was never started and that one clear line says why.</summary>
    public void Refuses(int code, string message, params string[] args)
    {
        Outcome outcome = Run(args);
        Assert.True(
            outcome.ExitCode == code && outcome.Error.Contains(message, StringComparison.Ordinal),
            $"{string.Join(' ', args)}: exit code {outcome.ExitCode}, not {code}: {outcome.Error}");
        AssertClear(outcome);
        Assert.Empty(outcome.Output);
    }

    /// <summary>The program speaks to people: one line, perhaps hints, never a stack trace.</summary>
    public static void AssertClear(Outcome outcome)
    {
        Assert.StartsWith("tare: ", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n'), line => line.StartsWith("tare: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        try
        {
            Leftovers.AssertNone(Tare);
        }
        finally
        {
            Tare.Dispose();
        }
    }
}
