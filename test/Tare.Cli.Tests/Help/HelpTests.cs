// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Commands;
using Tare.Cli.Help;

namespace Tare.Cli.Tests.Help;

public class HelpTests
{
    [Fact]
    public void Every_verb_has_a_summary_a_man_page_and_flags_with_help()
    {
        Assert.All(Verbs.All, call =>
        {
            Verb verb = call.Create();

            Assert.False(string.IsNullOrWhiteSpace(verb.Summary));
            Assert.All(verb.Flags, flag => Assert.False(string.IsNullOrWhiteSpace(flag.Help)));
            Assert.Equal(verb.Flags.Count, verb.Flags.Select(flag => flag.Name).Distinct().Count());
            Assert.Equal(verb.Flags.Count(flag => flag.Letter is not null), verb.Flags.Select(flag => flag.Letter).OfType<char>().Distinct().Count());
            Assert.StartsWith(".TH ", ManPage.Of(call), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Both_forms_of_a_verb_lead_to_the_same_place()
    {
        Assert.All(Verbs.All.SelectMany(call => call.Names), name => Assert.NotNull(Verbs.Lookup(name)));
        Assert.Equal(Verbs.Lookup("images")!.Create, Verbs.Lookup("image ls")!.Create);
    }
}
