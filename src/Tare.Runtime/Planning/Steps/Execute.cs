// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Becomes the container's program.</summary>
/// <param name="Arguments">argv</param>
/// <param name="Candidates">paths to try in order; several when the name has no slash</param>
/// <param name="Environment">NAME=value each</param>
internal sealed record Execute(
    IReadOnlyList<string> Arguments, IReadOnlyList<string> Candidates, IReadOnlyList<string> Environment) : Step
{
    public override string Action => $"exec \"{Arguments[0]}\"";

    public override string Details => StepText.Join(
        $"[{string.Join(' ', Arguments)}]",
        Candidates.Count == 1 ? Candidates[0] : $"{Candidates.Count} candidates",
        $"{Environment.Count} variables");

    internal override void Lower(Lowering to) =>
        to.Builder.Exec(Encode(Candidates), Encode(Arguments), Encode(Environment));

    private static byte[][] Encode(IReadOnlyList<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
