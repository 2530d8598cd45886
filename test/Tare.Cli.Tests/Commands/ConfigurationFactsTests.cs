// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Cli.Commands;
using Tare.Cli.Output;
using Tare.Engine.Configuration;

namespace Tare.Cli.Tests.Commands;

public sealed class ConfigurationFactsTests
{
    private static readonly EngineConfiguration Configured = ConfigurationReader.Read(
        Encoding.UTF8.GetBytes(
            """
            {
                "log-driver": "none", "log-opts": {"max-size": "-1", "max-file": "2"},
                "registry-mirrors": ["https://m.example"],
                "mirrors": {"quay.io": ["https://q.example", "http://r.example:5000"]},
                "insecure-registries": ["quay.io", "10.0.0.0/8"],
                "default-address-pools": [{"base": "10.0.0.0/8", "size": 24}],
                "proxies": {"https-proxy": "http://us%40er:s3cret@p.example:3128", "no-proxy": "a,b"},
                "ports-mode": "firewall",
            }
            """),
        "/etc/tare/config");

    [Fact]
    public void People_see_what_is_in_force_and_where_it_came_from()
    {
        Assert.Equal(
            """
            Config File: /etc/tare/config
            Logging Driver: none
             Max Size: unlimited
             Max Files: 2
            Insecure Registries:
             ::1/128
             127.0.0.0/8
             quay.io
             10.0.0.0/8
            Registry Mirrors:
             docker.io: https://m.example/
             quay.io: https://q.example/, http://r.example:5000/
            Default Address Pools:
             Base: 10.0.0.0/8, Size: 24
            HTTPS Proxy: http://xxxxx:xxxxx@p.example:3128
            No Proxy: a,b
            Ports Mode: firewall

            """,
            Print(Configured));
        Assert.Equal(
            """
            Config File: none
            Logging Driver: json-file
             Max Size: 20MB
             Max Files: 5
            Insecure Registries:
             ::1/128
             127.0.0.0/8
            Registry Mirrors: none
            Default Address Pools: none
            Ports Mode: nat

            """,
            Print(EngineConfiguration.Default));
    }

    [Fact]
    public void Programs_see_dockers_members()
    {
        string json = Json.OneLine(Json.Build(writer =>
        {
            writer.WriteStartObject();
            ConfigurationFacts.Write(writer, Configured);
            writer.WriteEndObject();
        }));

        Assert.Equal(
            """
            {"ConfigFile":"/etc/tare/config","LoggingDriver":"none","LogMaxSize":-1,"LogMaxFile":2,
            "RegistryConfig":{"InsecureRegistryCIDRs":["::1/128","127.0.0.0/8","10.0.0.0/8"],
            "IndexConfigs":{"docker.io":{"Name":"docker.io","Mirrors":["https://m.example/"],"Secure":true,"Official":true},
            "quay.io":{"Name":"quay.io","Mirrors":["https://q.example/","http://r.example:5000/"],"Secure":false,"Official":false}},
            "Mirrors":["https://m.example/"]},
            "DefaultAddressPools":[{"Base":"10.0.0.0/8","Size":24}],
            "HttpProxy":"","HttpsProxy":"http://xxxxx:xxxxx@p.example:3128","NoProxy":"a,b","PortsMode":"firewall"}
            """.Replace("\n", "", StringComparison.Ordinal),
            json);
    }

    private static string Print(EngineConfiguration configuration)
    {
        using var output = new StringWriter { NewLine = "\n" };
        ConfigurationFacts.Print(output, configuration);
        return output.ToString();
    }
}
