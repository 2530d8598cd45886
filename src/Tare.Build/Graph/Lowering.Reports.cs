// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Words;
using Tare.Oci;

namespace Tare.Build.Graph;

internal sealed partial class Lowering
{
    /// <summary>Whether the names of images hold when no argument is given.</summary>
    private void CheckDefaults(Variables predefined)
    {
        try
        {
            Variables defaults = GlobalArguments.WithGlobals(
                predefined, new Dictionary<string, string>(), _document,
                (text, range, known) => Expand(text, range, known).Text);
            foreach (Stage stage in _document.Stages)
            {
                string name = Expand(stage.From.Image.Text, stage.From.Image.Range, defaults).Text;
                if (!Reference.TryParse(name, out _))
                {
                    _warnings.Add(
                        Rules.InvalidDefaultArgInFrom, stage.From.Range,
                        $"Default value for ARG {stage.From.Image.Text} results in empty or invalid base image name");
                }
            }
        }
        catch (TareException)
        {
            // a default that can not be expanded fails below with its own error, unless an argument replaces it
        }
    }

    private void ReportUndefined(Expansion expanded, SourceRange range)
    {
        string[] declared = [.. _document.GlobalArgs.SelectMany(static arg => arg.Definitions).Select(static one => one.Name)];
        foreach (string name in expanded.Unmatched.Except(declared).Order(StringComparer.Ordinal))
        {
            string? near = Suggestion.Nearest(name, declared.Concat(_globals.Names).Distinct());
            _warnings.Add(
                Rules.UndefinedArgInFrom, range,
                $"FROM argument '{name}' is not declared{(near is null ? "" : $" (did you mean {near}?)")}");
        }
    }

    private void ReportPlatform(FromInstruction from, Word written, Expansion expanded, Platform platform)
    {
        if (expanded is { Matched.Count: 1, Unmatched.Count: 0 } && expanded.Matched.Contains("TARGETPLATFORM")
            && expanded.Text == _globals["TARGETPLATFORM"])
        {
            _warnings.Add(
                Rules.RedundantTargetPlatform, from.Range,
                $"Setting platform to predefined {written.Text} in FROM is redundant as this is the default behavior");
        }

        string name = from.StageName ?? "";
        if (expanded is { Matched.Count: 0, Unmatched.Count: 0 }
            && !name.Contains(platform.Os, StringComparison.Ordinal)
            && !name.Contains(platform.Architecture, StringComparison.Ordinal))
        {
            _warnings.Add(
                Rules.FromPlatformFlagConstDisallowed, from.Range,
                $"FROM --platform flag should not use constant value \"{expanded.Text}\"");
        }
    }
}
