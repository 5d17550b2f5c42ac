import {
  ACCEPT_INVITATION,
  CHANGE_MEMBER,
  CREATE_INVITATION,
  LIST_INVITATIONS,
  LIST_MEMBERS,
  REMOVE_MEMBER,
  REVOKE_INVITATION,
  type ApiAnswer,
  type ApiInput,
} from '@linkbroker/contracts';
import type { Invitation, Member } from '@linkbroker/persistence';
import { Controller, Inject } from '@nestjs/common';
import { ApiEndpoint } from '../http/api-endpoint.js';
import { CallerOf, InputOf } from '../http/api-request.js';
import { tenantOfCall } from '../http/tenant-of-call.js';
import type { Caller } from '../sign-in/caller.js';
import { ADMIN_NEEDS, type AdminNeeds } from '../admin-needs.js';
import { changeMember, removeMember } from './change-members.js';
import { acceptInvitation, invite, revokeInvitation } from './invite.js';

/** Who belongs to a tenant, and who is asked to. @see docs/console-access.md */
@Controller()
export class MembersController {
  constructor(@Inject(ADMIN_NEEDS) private readonly needs: AdminNeeds) {}

  @ApiEndpoint(LIST_MEMBERS)
  async list(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_MEMBERS>> {
    const members = await this.needs.signIn.members.list(tenantOfCall(caller));
    return { items: members.map(sentMember) };
  }

  @ApiEndpoint(CHANGE_MEMBER)
  async change(
    @CallerOf() caller: Caller,
    @InputOf() { params, body }: ApiInput<typeof CHANGE_MEMBER>,
  ): Promise<ApiAnswer<typeof CHANGE_MEMBER>> {
    return sentMember(await changeMember(this.needs.signIn, caller, params.member, body.role));
  }

  @ApiEndpoint(REMOVE_MEMBER)
  remove(@CallerOf() caller: Caller, @InputOf() { params }: ApiInput<typeof REMOVE_MEMBER>): Promise<void> {
    return removeMember(this.needs.signIn, caller, params.member);
  }

  @ApiEndpoint(LIST_INVITATIONS)
  async invitations(@CallerOf() caller: Caller): Promise<ApiAnswer<typeof LIST_INVITATIONS>> {
    const { invitations, now } = this.needs.signIn;
    return { items: (await invitations.list(tenantOfCall(caller), now())).map(sentInvitation) };
  }

  @ApiEndpoint(CREATE_INVITATION)
  async invite(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof CREATE_INVITATION>,
  ): Promise<ApiAnswer<typeof CREATE_INVITATION>> {
    const invitation = await invite(this.needs.signIn, caller, body);
    return { ...sentInvitation(invitation), url: invitation.url };
  }

  @ApiEndpoint(REVOKE_INVITATION)
  revoke(@CallerOf() caller: Caller, @InputOf() { params }: ApiInput<typeof REVOKE_INVITATION>): Promise<void> {
    return revokeInvitation(this.needs.signIn, caller, params.invitation);
  }

  @ApiEndpoint(ACCEPT_INVITATION)
  accept(
    @CallerOf() caller: Caller,
    @InputOf() { body }: ApiInput<typeof ACCEPT_INVITATION>,
  ): Promise<ApiAnswer<typeof ACCEPT_INVITATION>> {
    return acceptInvitation(this.needs.signIn, caller, body);
  }
}

const sentMember = ({ since, ...member }: Member) => ({ ...member, since: since.toISOString() });
const sentInvitation = ({ id, role, label, createdAt, expiresAt }: Invitation) => ({
  ...{ id, role, label, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() },
});
