// SPDX-License-Identifier: Apache-2.0
System.Console.WriteLine(Newtonsoft.Json.JsonConvert.SerializeObject(Words.Counter.Count(System.Console.In.ReadToEnd())));
