// SPDX-License-Identifier: Apache-2.0
namespace Tare.Prove;

/// <summary>Runs the scenarios one after the other; each prints one line.</summary>
internal static class Scenarios
{
    private static readonly Action[] Known =
    [
        LauncherScenarios.Exec_takes_the_first_candidate_that_exists,
        LauncherScenarios.Exec_remembers_that_a_candidate_was_denied,
        LauncherScenarios.A_failed_call_names_its_step_and_number,
        LauncherScenarios.A_tolerated_failure_decides_which_calls_follow,
        LauncherScenarios.Structs_carry_pointers_and_slots,
        LauncherScenarios.A_process_killed_during_its_set_up_is_a_failure,
        LauncherScenarios.The_program_begins_with_clean_signals,
        LauncherScenarios.Init_ends_as_its_child_ended,
        LauncherScenarios.Init_reports_a_program_that_cannot_be_executed,
        LauncherScenarios.Init_forwards_signals,
        LauncherScenarios.Init_reaps_orphans,
        LauncherScenarios.A_refused_clone_leaves_nothing,
        PlanScenarios.The_session_keyring_is_a_new_one,
        PlanScenarios.A_pid_namespace_is_joined_by_birth,
        PlanScenarios.A_mount_namespace_is_joined_as_it_is,
        PlanScenarios.The_clocks_of_a_time_namespace_are_moved,
        PlanScenarios.A_time_namespace_is_joined,
        PlanScenarios.Without_a_cgroup_namespace_the_containers_own_cgroups_are_shown,
        PlanScenarios.A_tmpfs_begins_with_what_it_covers,
        PlanScenarios.Owners_are_mapped_through_a_bind,
        PlanScenarios.A_mount_is_changed_afterwards,
        PlanScenarios.Memory_comes_from_the_nodes_of_the_policy,
        PlanScenarios.A_further_process_runs_on_its_processors_with_the_containers_clock,
        PlanScenarios.A_user_namespace_has_the_ids_of_its_map,
        PlanScenarios.A_user_of_a_user_namespace_and_its_clock,
        PlanScenarios.A_further_process_is_in_the_user_namespace,
        PlanScenarios.A_user_namespace_is_in_the_cgroups_of_the_host,
        KeeperScenarios.A_container_ends_with_output_report_and_record,
        KeeperScenarios.A_failed_start_leaves_nothing,
        KeeperScenarios.A_keeper_without_an_order_goes_home,
        KeeperScenarios.Input_arrives_in_order_and_ends,
        KeeperScenarios.A_second_client_sees_output_and_sends_signals,
        KeeperScenarios.A_container_outlives_its_starter_and_is_cleaned_up,
        KeeperScenarios.A_slow_starter_holds_the_container,
        KeeperScenarios.A_slow_second_client_is_cut_off_and_holds_nobody,
        KeeperScenarios.Grandchildren_with_the_pipe_do_not_delay_the_report,
        KeeperScenarios.A_client_that_breaks_the_protocol_is_cut_off,
        KeeperScenarios.A_terminal_has_the_size_of_the_user,
        KeeperScenarios.A_user_who_is_not_root_opens_its_own_output,
        KeeperScenarios.The_program_of_the_init_cannot_be_written,
        ExecScenarios.An_execed_process_has_streams_and_a_code_of_its_own,
        ExecScenarios.An_execed_process_is_in_the_pid_namespace,
        ExecScenarios.An_execed_process_outlives_who_asked_and_is_found_by_its_id,
        ExecScenarios.A_failed_exec_and_a_broken_one_harm_nobody,
        ExecScenarios.Execs_end_with_the_container_and_their_codes_are_told,
        ExecScenarios.The_log_has_what_was_written_and_grows_under_a_follower,
        ExecScenarios.A_successor_goes_on_where_the_killed_keeper_stopped,
    ];

    public static int Run(string[] wanted)
    {
        int failed = 0;
        foreach (Action scenario in Known)
        {
            // the compiler gives methods no names at run time unless something keeps them, and the table does
            string name = DelegateName(scenario);
            if (wanted.Length > 0 && !wanted.Contains(name))
            {
                continue;
            }

            try
            {
                scenario();
                Console.WriteLine($"ok {name}");
            }
            catch (Exception e)
            {
                failed++;
                Console.WriteLine($"FAILED {name}: {e.Message}");
            }
        }

        return failed == 0 ? 0 : 1;
    }

    private static string DelegateName(Action scenario) => scenario.Method.Name;
}
