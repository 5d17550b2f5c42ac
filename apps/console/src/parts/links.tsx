import { Anchor, Button, NavLink, type AnchorProps, type ButtonProps, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';

type With<Props> = Props & Omit<ComponentProps<'a'>, keyof Props>;

const PlainAnchor = (props: With<AnchorProps>): ReactNode => <Anchor {...props} />;
const PlainButton = (props: With<ButtonProps>): ReactNode => <Button component="a" {...props} />;
const PlainNavLink = (props: With<NavLinkProps>): ReactNode => <NavLink component="a" {...props} />;

/** A link to a page of the console, whose address the router checks when this is compiled. */
export const AnchorLink = createLink(PlainAnchor);
/** The same, looking like a button. */
export const ButtonLink = createLink(PlainButton);
/** The same in the main menu. */
export const NavItem = createLink(PlainNavLink);
