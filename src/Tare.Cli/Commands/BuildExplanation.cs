// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Cli.Output;

namespace Tare.Cli.Commands;

/// <summary>What <c>--explain</c> prints when the build is over: of each step why it ran or was cached.</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class BuildExplanation
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _reasons = [];

    public void Note(BuildEvent what)
    {
        if (what is BuildEvent.Explained explained)
        {
            lock (_gate)
            {
                _reasons[explained.Id] = explained.Reason;
            }
        }
    }

    /// <summary>In the order given; steps that had no turn are left out.</summary>
    public void Print(TextWriter output, IReadOnlyList<Vertex> vertices)
    {
        lock (_gate)
        {
            foreach (Vertex vertex in vertices.Where(vertex => _reasons.ContainsKey(vertex.Id.ToString())))
            {
                output.WriteLine($"{Printable.Of(vertex.Name)}\n    {Printable.Of(_reasons[vertex.Id.ToString()])}");
            }
        }
    }
}
