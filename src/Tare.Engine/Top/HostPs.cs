// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Engine.Top;

/// <summary>Asks the host's <c>ps</c> and keeps the lines of some processes.</summary>
internal static class HostPs
{
    private const string Program = "/bin/ps";
    private const int MaxOutput = 64 << 20;
    private const string PidTitle = "PID";

    /// <param name="options">as the user typed them</param>
    /// <param name="pids">whose lines are kept; looked at afterwards, so that who ended meanwhile is not shown</param>
    /// <exception cref="TareException">NotFound: the host has no ps; InvalidArgument: what ps says, or no PID column</exception>
    public static ProcessTable Read(IReadOnlyList<string> options, Func<IReadOnlyList<int>> pids)
    {
        // by number first, as docker does: options such as "o pid,args" choose none by themselves; others forbid it
        (string text, string? complaint) = Run(["-q", string.Join(',', pids()), .. options]);
        if (complaint is not null)
        {
            (text, complaint) = Run(options);
        }

        if (complaint is not null)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"ps: {complaint}");
        }

        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] titles = lines.Length == 0 ? [] : Words(lines[0]);
        int column = Array.IndexOf(titles, PidTitle);
        if (column < 0)
        {
            throw new TareException(ErrorKind.InvalidArgument, "couldn't find PID field in ps output", "add it: -o pid,…");
        }

        var wanted = pids().ToHashSet();
        return new(titles, [.. lines.Skip(1)
            .Select(line => Cells(line, titles.Length))
            .Where(cells => column < cells.Length
                && int.TryParse(cells[column], CultureInfo.InvariantCulture, out int pid) && wanted.Contains(pid))]);
    }

    /// <summary>The last column has the rest of the line, blanks included.</summary>
    internal static string[] Cells(string line, int count)
    {
        var cells = new List<string>();
        ReadOnlySpan<char> rest = line.AsSpan().Trim();
        while (cells.Count < count - 1 && !rest.IsEmpty)
        {
            int end = rest.IndexOf(' ');
            end = end < 0 ? rest.Length : end;
            cells.Add(rest[..end].ToString());
            rest = rest[end..].TrimStart();
        }

        if (!rest.IsEmpty)
        {
            cells.Add(rest.ToString());
        }

        return [.. cells];
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What it prints, and the first line of what it complains of when it fails.</summary>
    private static (string Text, string? Complaint) Run(IReadOnlyList<string> options)
    {
        using Fd program = HostPath.TryOpen(Program, OpenFlags.Path)
            ?? throw new TareException(
                ErrorKind.NotFound, $"top: this host has no {Program}", "install procps, or use tare top without options");
        using Fd nothing = HostPath.Open("/dev/null", OpenFlags.ReadOnly);
        using var output = new Pipe();
        using var error = new Pipe();
        using Spawned ps = Spawn.Start(new SpawnOptions
        {
            Executable = program,
            Arguments = ["ps", .. options],
            Environment = ["PATH=/usr/bin:/bin", "COLUMNS=4096"],
            Descriptors = [nothing, output.Writer, error.Writer],
        });
        output.Writer.Dispose();
        error.Writer.Dispose();
        string text = Encoding.UTF8.GetString(output.Reader.ReadAll(MaxOutput));
        string complaint = Encoding.UTF8.GetString(error.Reader.ReadAll(MaxOutput));
        return ps.Pidfd.Wait().ShellCode == 0 ? (text, null) : ("", complaint.Split('\n')[0]);
    }
}
