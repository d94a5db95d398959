# Asks Request Tracker's own RT::SLA (and Business::Hours under it) for deadlines: JSON in, JSON out.
#
#   perl request_tracker.pl FOLDER-OF-MODULES... < cases.json > answers.json
#
# A case: zone (IANA), hours (RT's ServiceBusinessHours: weekday 0 is Sunday), holidays, start (seconds since 1970),
# minutes (of business time), end. The answer: starts, due, and between, the business seconds from start to end.
# Only what configures RT is made here: RT::SLA reads its service levels and hours from RT->Config.
use strict;
use warnings;
use JSON::PP;
use POSIX ();

BEGIN { unshift @INC, @ARGV; }

our %CONFIG;

package RT::Base { sub _ImportOverlays { } }
package RT {
    our $Timezone = 'UTC';
    sub Config { return bless {}, 'RT::Config' }
}
package RT::Config {
    sub Get { my ( $self, $name ) = @_; return %{ $main::CONFIG{$name} } }
}

package main;
BEGIN { $INC{'RT/Base.pm'} = $INC{'RT.pm'} = $INC{'RT/Config.pm'} = __FILE__; }
require RT::SLA;

my $cases = decode_json( do { local $/; <STDIN> } );
my @answers;
foreach my $case (@$cases) {
    $CONFIG{'ServiceBusinessHours'} = { Default => { %{ $case->{hours} }, holidays => $case->{holidays} } };
    $CONFIG{'ServiceAgreements'} = {
        Default => 'Level',
        Levels  => { Level => { Timezone => $case->{zone}, Resolve => { BusinessMinutes => $case->{minutes} } } },
    };
    my %answer;
    $answer{starts} = RT::SLA->Starts( Level => 'Level', Time => $case->{start} );
    fresh_hours($case);
    $answer{due} = RT::SLA->Due( Level => 'Level', Type => 'Resolve', Time => $case->{start} );
    fresh_hours($case);
    local $ENV{'TZ'} = $case->{zone};
    POSIX::tzset();
    $answer{between} = RT::SLA->BusinessHours('Default')->between( $case->{start}, $case->{end} - 1 );
    push @answers, \%answer;
}
print encode_json( \@answers );

# Business::Hours changes the hours it is given.
sub fresh_hours {
    my $case = shift;
    $CONFIG{'ServiceBusinessHours'} = {
        Default => { %{ decode_json( encode_json( $case->{hours} ) ) }, holidays => [ @{ $case->{holidays} } ] }
    };
}
